namespace TelemetryHub.Server.Tests.Http.Takeover;

/// <summary>Tests that measure the memory of the process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
