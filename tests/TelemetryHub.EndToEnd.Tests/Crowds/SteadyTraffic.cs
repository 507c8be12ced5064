using System.Diagnostics;
using System.Net.Sockets;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>
/// An ordinary client that sends itself one message after the other, until it is disposed of. It has a thread of its own: those of
/// the pool are busy with the crowd, and what is measured is the hub.
/// </summary>
internal sealed class SteadyTraffic : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds,
    };

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    /// <summary>The longest time from a message to its return; to be read after <see cref="StopAsync"/>.</summary>
    public TimeSpan Longest { get; private set; }

    public int RoundTrips { get; private set; }

    public static SteadyTraffic Start(Listener listener)
    {
        var traffic = new SteadyTraffic();
        traffic.socket.Connect(Listener.Host, listener.Port);
        traffic.Exchange(RawConnection.ConnectNotation(4, "steady"), "20 { 0000 }");
        traffic.Exchange("82 { 0001 \"steady\" 00 }", "90 { 0001 00 }");
        new Thread(traffic.Run) { IsBackground = true, Name = "steady traffic" }.Start();
        return traffic;
    }

    /// <summary>Finishes the last round trip; fails when one of them did.</summary>
    public Task StopAsync()
    {
        stopping = true;
        return Patience.For(ended.Task, "the last round trip");
    }

    public void Dispose() => socket.Dispose();

    private void Run()
    {
        try
        {
            while (!stopping)
            {
                var watch = Stopwatch.StartNew();
                var message = $"30 {{ \"steady\" '{RoundTrips++}' }}";
                Exchange(message, message);
                if (watch.Elapsed > Longest) Longest = watch.Elapsed;
            }

            ended.SetResult();
        }
        catch (Exception error)
        {
            // Whatever it was, the test that stops the traffic fails with it.
            ended.SetException(error);
        }
    }

    private void Exchange(string sent, string expected)
    {
        socket.Send(PacketNotation.Parse(sent));
        var answer = new byte[PacketNotation.Parse(expected).Length];
        for (int got = 0, read; got < answer.Length; got += read)
        {
            read = socket.Receive(answer.AsSpan(got));
            read.ShouldBePositive("the hub closed an ordinary client's connection");
        }

        answer.ShouldBe(PacketNotation.Parse(expected));
    }
}
