/* The packed databases, as they are in the file that ANCHORS_FILE names. */
#include "redaction/anchors.h"

extern const uint8_t anchors_first[], anchors_end[];

__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        ".hidden anchors_first\n.global anchors_first\nanchors_first:\n"
        ".incbin \"" ANCHORS_FILE "\"\n"
        ".hidden anchors_end\n.global anchors_end\nanchors_end:\n"
        ".popsection\n");

struct bytes anchors_packed(void)
{
    return bytes_of(anchors_first, (size_t)(anchors_end - anchors_first));
}
