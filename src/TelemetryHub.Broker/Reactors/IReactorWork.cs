namespace TelemetryHub.Broker.Reactors;

/// <summary>What a reactor does between reading and writing.</summary>
public interface IReactorWork
{
    /// <summary>A batch of received bytes has been handled: route what it appended. On the reactor's thread; must not block.</summary>
    void OnBatchRead();
}
