/* A contribution of class noised that the vault takes, of a given ε; for contribution_encode alone, never freed. */
#pragma once

#include "protocol/contribution.h"

static struct noised_vote noised_vote = {.code = 0, .bit = 1};
static int32_t noised_lessons[CANDIDATE_KINDS];
#define NOISED(epsilon)                                                                                                \
    {                                                                                                                  \
        .codebook = 1, .epsilon_micro = (epsilon), .vote_count = 1, .votes = &noised_vote,                             \
        .feature_count = CANDIDATE_KINDS, .features = noised_lessons, .scale = 1                                       \
    }
