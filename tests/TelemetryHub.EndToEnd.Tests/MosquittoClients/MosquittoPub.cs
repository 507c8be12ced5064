using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.MosquittoClients;

/// <summary><c>mosquitto_pub</c>: publishes and ends.</summary>
public static class MosquittoPub
{
    /// <summary>Publishes; returns when the broker has acknowledged what the QoS asks for.</summary>
    public static async Task SendAsync(Listener listener, params string[] arguments) =>
        (await RunningProgram.RunAsync("mosquitto_pub", [.. listener.MosquittoArguments, .. arguments])).ShouldSucceed();

    /// <summary>Publishes each line as a message (<c>-l</c>) on one connection.</summary>
    public static async Task SendLinesAsync(Listener listener, IEnumerable<string> lines, params string[] arguments)
    {
        await using var program = RunningProgram.Start("mosquitto_pub", [.. listener.MosquittoArguments, "-l", .. arguments]);
        foreach (var line in lines) await program.Input.WriteLineAsync(line);
        program.Input.Close();
        (await program.ExitAsync(Patience.LongLimit)).ShouldSucceed();
    }
}
