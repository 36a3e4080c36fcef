import Glibc

/// The clocks of the generator's thread, in nanoseconds.
enum LoadClock {
    /// Monotonic time.
    @inline(__always)
    static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// CPU time of the calling thread.
    static func threadCPU() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension UInt64 {
    /// Nanoseconds since an earlier reading; zero when `earlier` is the later one, since two threads or a schedule
    /// may be ahead.
    @inline(__always)
    func since(_ earlier: UInt64) -> UInt64 { self > earlier ? self - earlier : 0 }
}
