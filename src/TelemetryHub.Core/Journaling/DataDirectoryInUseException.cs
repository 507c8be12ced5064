namespace TelemetryHub.Core.Journaling;

/// <summary>Another process has the data directory: two that write to one journal would destroy it.</summary>
public sealed class DataDirectoryInUseException : IOException
{
    internal DataDirectoryInUseException(string path, int? processId, Exception cause)
        : base(
            $"The data directory '{path}' is in use by {(processId is { } id ? $"process {id}" : "another process")}. "
            + "Stop that one, or give this one a directory of its own (Hub:Data).",
            cause) => ProcessId = processId;

    /// <summary>Who has it, as far as it could be read.</summary>
    public int? ProcessId { get; }
}
