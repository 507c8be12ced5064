namespace TelemetryHub.Broker.Reactors;

/// <summary>What a reactor, or a link without one, does between reading and writing.</summary>
public interface IReactorWork
{
    /// <summary>A batch of received bytes has been handled: route what it appended. On the links' owner; must not block.</summary>
    void OnBatchRead();
}
