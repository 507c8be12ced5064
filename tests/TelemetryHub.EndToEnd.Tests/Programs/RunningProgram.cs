using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>A process that we did not write, or the hub: its output is kept, and it never outlives its test.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    // What still runs, for a test run that is told to stop before its tests have cleaned up.
    private static readonly ConcurrentDictionary<RunningProgram, bool> Running = new();

    private readonly Process process;
    private readonly Task reading;

    static RunningProgram() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private RunningProgram(Process process)
    {
        Running.TryAdd(this, true);
        this.process = process;
        reading = Task.WhenAll(Output.FillAsync(process.StandardOutput), Errors.FillAsync(process.StandardError));
    }

    public int Id => process.Id;

    public LineLog Output { get; } = new();

    public LineLog Errors { get; } = new();

    public StreamWriter Input => process.StandardInput;

    /// <summary>Starts a program of <see cref="InstalledPrograms"/>, or one given with its full path.</summary>
    public static RunningProgram Start(string program, IEnumerable<string> arguments)
    {
        var file = Path.IsPathRooted(program) ? program : InstalledPrograms.Find(program);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new RunningProgram(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start."));
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, TimeSpan? limit = null)
    {
        await using var running = Start(program, arguments);
        running.Input.Close();
        return await running.ExitAsync(limit);
    }

    /// <summary>Waits until the program has ended and all of its output was read.</summary>
    public async Task<ProgramResult> ExitAsync(TimeSpan? limit = null)
    {
        await Patience.For(Task.WhenAll(process.WaitForExitAsync(), reading), $"the end of {process.StartInfo.FileName}", limit);
        return new ProgramResult(process.ExitCode, Output.Lines, Errors.Lines);
    }

    /// <summary>SIGTERM: asks the program to end, unless it has.</summary>
    public void Terminate() => Send(SigTerm);

    /// <summary>SIGINT: what Ctrl-C in a terminal sends.</summary>
    public void Interrupt() => Send(SigInt);

    /// <summary>SIGKILL: the program has no chance to say goodbye. Its sockets are closed by the kernel.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await reading;
        Running.TryRemove(this, out _);
        process.Dispose();
    }

    private void Send(int signal)
    {
        // The id of a program that has ended may be another's by now.
        if (!process.HasExited) _ = SendSignal(process.Id, signal);
    }

    private static void KillAll()
    {
        foreach (var program in Running.Keys)
        {
            try
            {
                program.process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It ended by itself in this moment.
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
