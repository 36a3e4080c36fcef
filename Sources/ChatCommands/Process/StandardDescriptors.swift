import Glibc

/// The descriptors 0, 1 and 2 of the process.
enum StandardDescriptors {
    /// Takes the place of those that the caller closed, so that no database or socket gets such a number and is written
    /// to as standard output. They are opened the wrong way round: using them still fails with EBADF.
    static func reserve() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // open(2) gives the lowest free number, which is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
