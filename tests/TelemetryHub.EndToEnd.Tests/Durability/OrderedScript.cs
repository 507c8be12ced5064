using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// A script of <c>tests/clients</c> that is given orders, line by line, and repeats each when it has carried it out. With the last one
/// it writes down what it saw, and ends.
/// </summary>
internal sealed class OrderedScript : IAsyncDisposable
{
    private readonly RunningProgram program;
    private readonly string record;
    private int orders;

    private OrderedScript(RunningProgram program, string record)
    {
        this.program = program;
        this.record = record;
    }

    public static async Task<OrderedScript> StartAsync(string script, string record, params string[] arguments) =>
        new(await ClientScript.StartPythonAsync(script, [.. arguments, "--record", record]), record);

    /// <summary>Gives an order and waits until it is obeyed.</summary>
    public async Task TellAsync(string order)
    {
        var numbered = string.Create(CultureInfo.InvariantCulture, $"{order} {++orders}");
        await program.Input.WriteLineAsync(numbered);
        await program.Input.FlushAsync();
        try
        {
            await Patience.For(program.Output.FirstAsync(1, line => line == numbered), $"'{numbered}'", Patience.LongLimit);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidOperationException($"Died at '{numbered}':\n{string.Join('\n', program.Errors.Lines)}");
        }
    }

    /// <summary>Gives the last order; what the script saw, line by line.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(string order)
    {
        await TellAsync(order);
        (await program.ExitAsync()).ShouldSucceed();
        return await File.ReadAllLinesAsync(record);
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
