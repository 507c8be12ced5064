namespace TelemetryHub.EndToEnd.Tests.Crowds;

/// <summary>Tests that need the whole machine and most of a process's descriptors: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneDefinition
{
    public const string Name = "Alone";
}
