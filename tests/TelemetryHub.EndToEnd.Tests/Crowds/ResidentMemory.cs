using System.Globalization;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>What a process takes of the machine's memory, as the kernel counts it.</summary>
internal static class ResidentMemory
{
    public static long Of(RunningProgram program)
    {
        // "VmRSS:	   66844 kB"
        var line = File.ReadLines($"/proc/{program.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
