# Data files (word lists, cities, SQL scripts) become C arrays at build time.
#
# sg_embed(<target> <symbol> <file>): in generated/<symbol>.c, `const char <symbol>[]` (NUL-terminated) and
# `const size_t <symbol>_size` (without the NUL).
function(sg_embed target symbol file)
  set(out ${PROJECT_BINARY_DIR}/generated/${symbol}.c)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DIN=${PROJECT_SOURCE_DIR}/${file} -DOUT=${out} -DSYMBOL=${symbol}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()

file(GLOB embedded CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/datasets/*/data/*.tsv ${PROJECT_SOURCE_DIR}/src/datasets/*/sql/*.sql)
foreach(path ${embedded})
  file(RELATIVE_PATH relative ${PROJECT_SOURCE_DIR} ${path})
  # src/datasets/barsaas/sql/raw_views.sql -> sg_data_barsaas_raw_views
  string(REGEX REPLACE "^src/datasets/" "" name ${relative})
  string(REGEX REPLACE "(data|sql)/" "" name ${name})
  string(REGEX REPLACE "\\.[a-z]+$" "" name ${name})
  string(MAKE_C_IDENTIFIER "sg_data_${name}" symbol)
  sg_embed(sg_datasets ${symbol} ${relative})
endforeach()

# Reference tables: src/reference/data/*.tsv -> generated/reference_tables.inc
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB reference_data CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/reference/data/*.tsv)
set(reference_tables ${PROJECT_BINARY_DIR}/generated/reference_tables.inc)
add_custom_command(
  OUTPUT ${reference_tables}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/src/reference/compile.py ${PROJECT_SOURCE_DIR}/src/reference/data
          ${reference_tables}
  DEPENDS ${reference_data} ${PROJECT_SOURCE_DIR}/src/reference/compile.py
  VERBATIM)
target_sources(sg_datasets PRIVATE ${reference_tables})
