namespace TelemetryHub.Broker.Tests.Load;

/// <summary>Tests that measure the whole process: they run after all others, one by one.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
