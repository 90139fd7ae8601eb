/* The update that an adapter's file stands for: of each pair of matrices A (rank x inputs) and B (outputs x rank) the
 * product B A (Hu et al. 2021), all of them drawn together into a sketch.
 *
 * Number d of the sketch is the sum over the pairs of u' B A v with random signs u and v that turn on d and the pair's
 * name; so inner products of updates are kept in the mean, and B A is never made. The scale alpha / rank is left out:
 * it is one for all adapters of a kind. */
#pragma once

#include "audits/reconstruction/safetensors.h"

#define LORA_WIDTH 128
#define LORA_NUMBERS_MAX (64u << 20) /* of one matrix */

/* Pairs are tensors of one name but for "lora_A" and "lora_B", or "lora_down" and "lora_up"; other tensors are passed
 * over. ERR_INPUT: there is no pair, one without its other, or shapes that make no product. */
MUST_USE enum status lora_sketch(const struct safetensors *file, float out[static LORA_WIDTH], struct why *why);
