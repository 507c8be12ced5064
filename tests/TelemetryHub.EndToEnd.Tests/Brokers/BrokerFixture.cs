namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>One broker for all tests of a class. That it stopped without a complaint is checked at the end.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private IBrokerUnderTest? broker;

    public IBrokerUnderTest Broker => broker ?? throw new InvalidOperationException("The broker was not started.");

    /// <summary>Skips the test on Mosquitto 2.0, where the specification is known to be broken in the way that the reason says.</summary>
    public void SkipOnMosquitto(string reason) => Assert.SkipUnless(Broker.IsHub, "Mosquitto 2.0: " + reason);

    public async ValueTask InitializeAsync() => broker = await BrokerUnderTest.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (broker is not null) await broker.DisposeAsync();
    }
}
