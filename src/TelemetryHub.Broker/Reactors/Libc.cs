using System.Net;
using System.Runtime.InteropServices;

namespace TelemetryHub.Broker.Reactors;

/// <summary>The few system calls that the reactor makes itself. Linux only.</summary>
internal static unsafe partial class Libc
{
    public const int EAGAIN = 11, EINTR = 4, EMFILE = 24, ENFILE = 23, ECONNABORTED = 103, EPERM = 1;
    public const uint EPOLLIN = 0x1, EPOLLOUT = 0x4, EPOLLERR = 0x8, EPOLLHUP = 0x10, EPOLLRDHUP = 0x2000;
    public const int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    public const int MSG_NOSIGNAL = 0x4000;
    private const int EPOLL_CLOEXEC = 0x80000, EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000, SOCK_NONBLOCK = 0x800;
    private const int F_GETFL = 3, F_SETFL = 4, O_NONBLOCK = 0x800;
    private const int IPPROTO_TCP = 6, TCP_NODELAY = 1, SOL_SOCKET = 1, SO_LINGER = 13, SHUT_WR = 1;

    public static int CreateEpoll() => Check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");

    public static int CreateEvent() => Check(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");

    /// <summary>The new connection's descriptor, or the negative errno.</summary>
    public static int Accept(int listener, byte* address, int* addressBytes) =>
        OrErrno(accept4(listener, address, addressBytes, SOCK_NONBLOCK | SOCK_CLOEXEC));

    public static IPEndPoint? LocalAddress(int socket)
    {
        var address = stackalloc byte[SocketAddresses.MaxBytes];
        var bytes = SocketAddresses.MaxBytes;
        return getsockname(socket, address, &bytes) < 0 ? null : SocketAddresses.Parse(new ReadOnlySpan<byte>(address, bytes));
    }

    public static int Receive(int socket, byte* buffer, int bytes) => OrErrno((int)recv(socket, buffer, bytes, 0));

    public static int Send(int socket, byte* buffer, int bytes) => OrErrno((int)send(socket, buffer, bytes, MSG_NOSIGNAL));

    public static int Wait(int epoll, byte* events, int max, int timeoutMilliseconds) => OrErrno(epoll_wait(epoll, events, max, timeoutMilliseconds));

    public static void Control(int epoll, int operation, int descriptor, uint events, ulong data)
    {
        var record = stackalloc byte[EpollEvents.Stride];
        EpollEvents.Write(record, events, data);
        Check(epoll_ctl(epoll, operation, descriptor, record), "epoll_ctl");
    }

    public static void Signal(int eventDescriptor)
    {
        ulong one = 1;
        _ = write(eventDescriptor, (byte*)&one, sizeof(ulong)); // fails only when it is signalled already
    }

    public static void Drain(int eventDescriptor)
    {
        ulong count;
        _ = read(eventDescriptor, (byte*)&count, sizeof(ulong));
    }

    public static void SetNonBlocking(int descriptor) =>
        Check(fcntl(descriptor, F_SETFL, Check(fcntl(descriptor, F_GETFL, 0), "fcntl") | O_NONBLOCK), "fcntl");

    public static void SetNoDelay(int socket)
    {
        var on = 1;
        _ = setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, (byte*)&on, sizeof(int)); // the peer may be gone already: the next read says so
    }

    /// <summary>Makes the next close a reset: for peers that are cut, so that the kernel keeps nothing for them.</summary>
    public static void ResetOnClose(int socket)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = setsockopt(socket, SOL_SOCKET, SO_LINGER, (byte*)linger, 2 * sizeof(int));
    }

    public static void ShutDownSending(int socket) => _ = shutdown(socket, SHUT_WR); // fails only when the peer is gone, which the next read tells

    public static void Close(int descriptor) => _ = close(descriptor);

    private static int OrErrno(int result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}");

    // No SetLastError: errno is read right after the call, on the same thread, and the runtime makes no call in between.
    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* record);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* events, int max, int timeout);

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int accept4(int socket, byte* address, int* addressBytes, int flags);

    [LibraryImport("libc")]
    private static partial int getsockname(int socket, byte* address, int* addressBytes);

    [LibraryImport("libc")]
    private static partial nint recv(int socket, byte* buffer, nint bytes, int flags);

    [LibraryImport("libc")]
    private static partial nint send(int socket, byte* buffer, nint bytes, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nint bytes);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* buffer, nint bytes);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc")]
    private static partial int setsockopt(int socket, int level, int name, byte* value, int bytes);

    [LibraryImport("libc")]
    private static partial int shutdown(int socket, int how);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
