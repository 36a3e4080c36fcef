#include <linux/io_uring.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int ring_setup(unsigned entries, struct io_uring_params *setup) {
    return (int)syscall(__NR_io_uring_setup, entries, setup);
}
static inline int ring_enter(int ring, unsigned submit, unsigned wait) {
    return (int)syscall(__NR_io_uring_enter, ring, submit, wait, IORING_ENTER_GETEVENTS, NULL, 0);
}
static inline unsigned ring_load(const unsigned *place) { return __atomic_load_n(place, __ATOMIC_ACQUIRE); }
static inline void ring_store(unsigned *place, unsigned value) { __atomic_store_n(place, value, __ATOMIC_RELEASE); }
