# Run by CPack between installing into its staging folder and packing: every file gets the time of SOURCE_DATE_EPOCH.
set(moment $ENV{SOURCE_DATE_EPOCH})
if(NOT moment)
  set(moment 1000000000)
endif()
execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -exec touch -h -d @${moment} {} + COMMAND_ERROR_IS_FATAL ANY)
