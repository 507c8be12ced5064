namespace TelemetryHub.Broker.Reactors;

/// <summary>Something with a descriptor that a reactor waits for.</summary>
internal interface IReactorSource
{
    /// <summary>How the reactor knows it; the reactor's to set.</summary>
    ulong Key { get; set; }

    /// <summary>The descriptor is ready; returns how many bytes were read.</summary>
    int OnReady(uint events);

    /// <summary>The reactor stops, or the source failed: close at once.</summary>
    void OnStopping();
}
