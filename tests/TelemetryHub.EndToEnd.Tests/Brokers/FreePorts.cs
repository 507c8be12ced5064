using System.Net;
using System.Net.Sockets;

namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>Ports for programs that cannot choose one themselves. Taken from a range of our own, so that nobody gets one twice.</summary>
public static class FreePorts
{
    // Below Linux's ephemeral range (32768-60999), from which the kernel hands ports to outgoing connections at any moment.
    private const int First = 21000;
    private const int Count = 10000;

    // Two runs of the suite on one machine start at different places.
    private static int next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (Interlocked.Increment(ref next) % Count);
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException("No free port.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
