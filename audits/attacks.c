/* The table of attacks, in the order of a run. A new attack is a file with its row and claims, and a line here. */
#include "audits/attacks.h"

const struct attack *const attacks[] = {
    &attack_probes,          /**/
    &attack_rescan,          /**/
    &attack_at_rest,         /**/
    &attack_isolation,       /**/
    &attack_overlap,         /**/
    &attack_planted,         /**/
    &attack_fot,             /**/
    &attack_prompts,         /**/
    &attack_prompts_model,   /**/
    &attack_membership,      /**/
    &attack_exposure,        /**/
    &attack_epsilon_answers, /**/
    &attack_epsilon_survey,  /**/
    &attack_epsilon_release, /**/
    &attack_selection,       /**/
    &attack_linkage,         /**/
    &attack_names,           /**/
    &attack_rounds,          /**/
    &attack_linkage_dp,      /**/
    &attack_phantom,         /**/
    &attack_difference,      /**/
    &attack_difference_dp,   /**/
    &attack_publish,         /**/
    &attack_publish_dp,      /**/
    &attack_reconstruction,  /**/
    &attack_public,          /**/
    &attack_entities,        /**/
    &attack_bringer,         /**/
    &attack_adapter_files,   /**/
    &attack_split_survey,    /**/
    &attack_split_network,   /**/
    &attack_split_features,  /**/
    &attack_split_hijack,    /**/
    &attack_split_wire,      /**/
    &attack_split_surrogate, /**/
    &attack_split_defences,  /**/
    &attack_comparison,      /**/
    &attack_sizes,           /**/
    &attack_errors,          /**/
    &attack_admission,       /**/
    &attack_search,          /**/
    &attack_metrics,         /**/
    &attack_instruct,        /**/
    &attack_suppress,        /**/
    &attack_loop,            /**/
    &attack_suppress_dp,     /**/
    &attack_evasion,         /**/
    &attack_adapter,         /**/
    &attack_adapter_words,   /**/
    NULL,
};
