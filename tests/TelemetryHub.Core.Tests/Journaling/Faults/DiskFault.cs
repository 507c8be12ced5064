namespace TelemetryHub.Core.Tests.Journaling.Faults;

/// <summary>How a disk fails.</summary>
public enum DiskFault
{
    Full,
    FailingSyncs,
    ReadOnly,
}
