using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary>A running <c>mosquitto_sub</c>. Its messages are lines in the format that the test chose.</summary>
public sealed class MosquittoSub : IAsyncDisposable
{
    private const string Mark = "MESSAGE ";

    private readonly RunningProgram program;
    private int taken;

    private MosquittoSub(RunningProgram program) => this.program = program;

    /// <summary>Subscribes and returns once the broker has granted it. <paramref name="format"/> is that of <c>-F</c>.</summary>
    public static async Task<MosquittoSub> StartAsync(Listener listener, string format, params string[] arguments)
    {
        var subscriber = Run(listener, format, arguments);
        try
        {
            await Patience.For(subscriber.program.Output.FirstAsync(1, IsSubscribed), "mosquitto_sub's subscription");
            return subscriber;
        }
        catch (Exception)
        {
            await subscriber.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects, subscribes and leaves (<c>-E</c>): a session for later.</summary>
    public static async Task LeaveSessionAsync(Listener listener, params string[] arguments) =>
        (await RunningProgram.RunAsync("mosquitto_sub", [.. listener.MosquittoArguments, "-c", "-E", .. arguments])).ShouldSucceed();

    /// <summary>The next message.</summary>
    public async Task<string> NextAsync() => (await TakeAsync(1))[0];

    /// <summary>The next <paramref name="count"/> messages, in the order of their arrival.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(int count, TimeSpan? limit = null)
    {
        var first = taken;
        taken += count;
        var all = await Patience.For(program.Output.FirstAsync(taken, IsMessage), $"message {taken} of mosquitto_sub", limit);
        return [.. all.Skip(first).Take(count).Select(line => line[Mark.Length..])];
    }

    /// <summary>The next messages of several subscribers, as many as are given together.</summary>
    public static async Task<IReadOnlyList<string>> TakeTogetherAsync(int count, params MosquittoSub[] subscribers)
    {
        var messages = new List<string>();
        var next = subscribers.Select(subscriber => subscriber.NextAsync()).ToArray();
        while (true)
        {
            var arrived = await Task.WhenAny(next);
            messages.Add(await arrived);
            if (messages.Count == count) return messages;
            var at = Array.IndexOf(next, arrived);
            next[at] = subscribers[at].NextAsync();
        }
    }

    /// <summary>How many messages came so far.</summary>
    public int Received => program.Output.Lines.Count(IsMessage);

    /// <summary>Kills the process: no DISCONNECT is sent.</summary>
    public async Task KillAsync()
    {
        program.Kill();
        await program.ExitAsync();
    }

    /// <summary>Ends it with SIGTERM: DISCONNECT is sent; in MQTT 5, when there is a will, with the reason 0x04.</summary>
    public async Task LeaveAsync()
    {
        program.Terminate();
        await program.ExitAsync();
    }

    /// <summary>Waits for its own end, which <c>-C</c> brings about: DISCONNECT is sent.</summary>
    public Task EndAsync() => program.ExitAsync();

    public ValueTask DisposeAsync() => program.DisposeAsync();

    // Its output goes into a pipe and would be held back in a block buffer.
    private static MosquittoSub Run(Listener listener, string format, string[] arguments) => new(RunningProgram.Start("stdbuf",
        ["-oL", InstalledPrograms.Find("mosquitto_sub"), "-d", .. listener.MosquittoArguments, "-F", Mark + format, .. arguments]));

    private static bool IsSubscribed(string line) => line.StartsWith("Subscribed (mid: ", StringComparison.Ordinal);

    private static bool IsMessage(string line) => line.StartsWith(Mark, StringComparison.Ordinal);
}
