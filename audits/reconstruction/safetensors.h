/* Reads a file of tensors in the safetensors format (Hugging Face, format.md): eight bytes with the header's size, the
 * header as JSON (of each tensor its type, shape and place), then all tensors' bytes without a gap.
 *
 * Strict: whatever the format does not allow is refused, and so is a number that is not finite. Nothing is copied. */
#pragma once

#include "base/bytes.h"

#define SAFETENSORS_HEADER_MAX (16u << 20)
#define SAFETENSORS_TENSORS_MAX 8192
#define SAFETENSORS_DIMENSIONS_MAX 8

enum tensor_type { TENSOR_F32, TENSOR_F16, TENSOR_BF16, TENSOR_F64, TENSOR_OTHER }; /* other: whole numbers, 8 bits */
struct tensor {
    const char *name; /* of the header, which the file owns */
    enum tensor_type type;
    size_t dimensions, shape[SAFETENSORS_DIMENSIONS_MAX];
    size_t count; /* of numbers: the product of the shape */
    size_t start; /* of its bytes, behind the header */
    struct bytes data;
};
struct safetensors {
    size_t count;
    struct tensor *items; /* owned; in the order of the header */
    struct json *header;  /* owned */
};
/* `file` is borrowed as long as *out is used. ERR_INPUT, ERR_TOO_LARGE (over the sizes above), ERR_MEMORY. */
MUST_USE enum status safetensors_read(struct bytes file, struct safetensors *out, struct why *why);
void safetensors_free(struct safetensors *file);
/* All of a tensor's numbers. ERR_INPUT: they are of no floating type, or one of them is not finite. */
MUST_USE enum status tensor_numbers(const struct tensor *tensor, float *out);
