/* The built-in model: redaction/model/tagger.bin as it is. The build gives TAG_MODEL, its path. */
#include <stdint.h>

extern const uint8_t tag_built_in[], tag_built_in_end[];

__asm__(".section .rodata\n"
        ".balign 16\n"
        ".global tag_built_in\n"
        ".hidden tag_built_in\n"
        "tag_built_in:\n"
        ".incbin \"" TAG_MODEL "\"\n"
        ".global tag_built_in_end\n"
        ".hidden tag_built_in_end\n"
        "tag_built_in_end:\n"
        ".byte 0\n"
        ".previous\n");
