/* Functions in several versions, for wide vectors and without, chosen by the loader for the machine at hand.
 * For straight loops over integers, where every version gives the same result. Optimised by O3 whatever the
 * rest is: O2 leaves loops of unknown length as they are.
 *
 *   SG_WIDE         in front of such a function
 *   SG_WIDE_INLINE  in front of what it calls, so that this is part of every version
 */
#ifndef SG_BASE_WIDE_H
#define SG_BASE_WIDE_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
    !defined(__SANITIZE_THREAD__)
#if __GNUC__ >= 12
#define SG_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define SG_WIDE __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3")))
#endif
#else
#define SG_WIDE
#endif
#define SG_WIDE_INLINE static inline __attribute__((always_inline))

#endif
