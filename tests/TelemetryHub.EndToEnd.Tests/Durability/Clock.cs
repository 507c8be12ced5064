using System.Diagnostics;
using System.Globalization;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>The monotonic clock of the machine: the same in this process and in the scripts, since the machine's start.</summary>
internal static class Clock
{
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Nanoseconds, as the scripts write them.</summary>
    public static TimeSpan Parse(string nanoseconds) =>
        TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
