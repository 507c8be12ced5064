namespace TelemetryHub.EndToEnd.Tests.Brokers;

/// <summary>One broker for all tests of a class. That it stopped without a complaint is checked at the end.</summary>
public class BrokerFixture : IAsyncLifetime
{
    private readonly string[] hubSettings;
    private IBrokerUnderTest? broker;

    public BrokerFixture()
        : this([])
    {
    }

    /// <summary>For a class whose hub is set up otherwise: <c>Key=value</c>.</summary>
    protected BrokerFixture(params string[] hubSettings) => this.hubSettings = hubSettings;

    public IBrokerUnderTest Broker => broker ?? throw new InvalidOperationException("The broker was not started.");

    /// <summary>Skips the test on Mosquitto 2.0, where the specification is known to be broken in the way that the reason says.</summary>
    public void SkipOnMosquitto(string reason) => Assert.SkipUnless(Broker.IsHub, "Mosquitto 2.0: " + reason);

    public async ValueTask InitializeAsync() => broker = await BrokerUnderTest.StartAsync(hubSettings);

    public virtual async ValueTask DisposeAsync()
    {
        if (broker is not null) await broker.DisposeAsync();
    }
}
