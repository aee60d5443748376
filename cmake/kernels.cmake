# Compile flags of the kernel builds: the same source three times, each for its instruction set. No flag may change a
# result; integers only, and contraction is off everywhere.
set(kernel_flags -O3 -fopenmp-simd)
set_source_files_properties(${PROJECT_SOURCE_DIR}/kernels/isa_portable.c PROPERTIES COMPILE_OPTIONS "${kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64")
  set_source_files_properties(${PROJECT_SOURCE_DIR}/kernels/isa_avx2.c PROPERTIES COMPILE_OPTIONS "${kernel_flags};-mavx2;-mtune=haswell")
  set_source_files_properties(
    ${PROJECT_SOURCE_DIR}/kernels/isa_avx512.c
    PROPERTIES COMPILE_OPTIONS "${kernel_flags};-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mprefer-vector-width=512;-mtune=skylake-avx512")
endif()
# Loops over columns in the encoders' and fingerprints' files.
set_source_files_properties(${PROJECT_SOURCE_DIR}/io/fingerprint.c ${PROJECT_SOURCE_DIR}/io/encode_words.c
                            ${PROJECT_SOURCE_DIR}/io/encode_block.c ${PROJECT_SOURCE_DIR}/io/encode_cells.c ${PROJECT_SOURCE_DIR}/io/encode_rows.c PROPERTIES COMPILE_OPTIONS "-O3")
