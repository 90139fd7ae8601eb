/* The built-in models: redaction/model/tagger.bin and tagger_law.bin as they are. The build gives TAG_MODELS, their
 * folder. */
#include "redaction/tag_model.h"

extern const uint8_t tag_plain[], tag_plain_end[], tag_law[], tag_law_end[];

__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".hidden tag_plain\n.global tag_plain\ntag_plain:\n"
        ".incbin \"" TAG_MODELS "/tagger.bin\"\n"
        ".hidden tag_plain_end\n.global tag_plain_end\ntag_plain_end:\n"
        ".balign 16\n"
        ".hidden tag_law\n.global tag_law\ntag_law:\n"
        ".incbin \"" TAG_MODELS "/tagger_law.bin\"\n"
        ".hidden tag_law_end\n.global tag_law_end\ntag_law_end:\n"
        ".popsection\n");

struct bytes tag_built_in(unsigned genre)
{
    if (genre == TAG_GENRE_LAW)
        return bytes_of(tag_law, (size_t)(tag_law_end - tag_law));
    return bytes_of(tag_plain, (size_t)(tag_plain_end - tag_plain));
}
