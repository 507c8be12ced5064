using System.Net;
using TelemetryHub.Broker.Authentication;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>
/// A broker on a free port of the loopback, with virtual time and rules to set. Disposing it fails the test when an error was logged
/// or a connection stayed behind.
/// </summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly BrokerOptions Plain = new() { Reactors = 1, SysInterval = TimeSpan.Zero };

    private readonly List<WireClient> _clients = [];

    private TestBroker(BrokerOptions options, ILog log, TopicTable topics, IScramCredentials? scram, ManualTime? time = null)
    {
        Time = time ?? new ManualTime();
        Router = new Router(log, topics, Access, Time);
        Broker = new MqttBroker(options, log, Router, topics, Access, Time, Logger, scram);
        Log = log;
        Address = new IPEndPoint(IPAddress.Loopback, 0);
    }

    public MqttBroker Broker { get; }

    public Router Router { get; }

    public ILog Log { get; }

    public ManualTime Time { get; }

    public TestAccess Access { get; } = new();

    public RecordingLogger Logger { get; } = new();

    public IPEndPoint Address { get; private set; }

    public static TestBroker Start(BrokerOptions? options = null, ILog? log = null, IScramCredentials? scram = null, long topicBytes = 16 << 20) =>
        new TestBroker(options ?? Plain, log ?? new Tail(new TailOptions()), new TopicTable(topicBytes), scram).Listen();

    /// <summary>
    /// A broker on what is kept of <paramref name="crashed"/>, as if that had been killed now and this one started so many seconds later. The other one may
    /// still be there: it says nothing that this one hears.
    /// </summary>
    public static TestBroker StartAfter(
        TestBroker crashed, double downSeconds = 0, BrokerOptions? options = null, long? routedUpTo = null, int? appends = null, Action<TestAccess>? rules = null)
    {
        var topics = new TopicTable(16 << 20);
        var time = new ManualTime(crashed.Time.GetUtcNow() + TimeSpan.FromSeconds(downSeconds));
        var (log, state) = ((KeepingLog)crashed.Log).Recover(topics, crashed.Time.GetUtcNow(), routedUpTo, appends);
        var broker = new TestBroker(options ?? Plain, log, topics, null, time);
        rules?.Invoke(broker.Access);
        broker.Broker.Restore(state);
        return broker.Listen();
    }

    /// <summary>A connection that has not said anything yet.</summary>
    public WireClient Open(MqttVersion version = MqttVersion.V5, IPEndPoint? address = null, int receiveBufferBytes = 0)
    {
        var client = WireClient.Open(address ?? Address, version, receiveBufferBytes);
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    /// <summary>A client that has been let in.</summary>
    public async Task<WireClient> ConnectAsync(
        string clientId, MqttVersion version = MqttVersion.V5, bool clean = true, bool? present = false, Props? props = null, WillSpec? will = null)
    {
        var client = Open(version);
        var answer = await client.ConnectAsync(clientId, clean, props, will: will);
        answer.Reason.ShouldBe(ReasonCode.Success);
        if (present is not null)
            answer.IsPresent.ShouldBe(present.Value);
        return client;
    }

    /// <summary>
    /// Waits until the broker is done with everything that clients did so far, disconnecting included: the reactor takes what happened
    /// in its order, and this client comes last.
    /// </summary>
    public async Task SettleAsync()
    {
        using var last = WireClient.Open(Address, MqttVersion.V311);
        (await last.ConnectAsync("settle")).Reason.ShouldBe(ReasonCode.Success);
        await last.LeaveAsync();
    }

    /// <summary>
    /// Stops the reactor until the result is disposed: what clients send meanwhile is handled afterwards, in the order in which it was
    /// sent. Takes the publish decision for itself.
    /// </summary>
    public async Task<IDisposable> HoldAsync()
    {
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hold = new Hold();
        var publish = Access.Publish;
        Access.Publish = (_, _) =>
        {
            Access.Publish = publish;
            isHeld.SetResult();
            hold.Wait();
            return true;
        };
        (await ConnectAsync("hold")).Publish("hold");
        await isHeld.Task;
        return hold;
    }

    /// <summary>The client says goodbye, and the broker has taken notice.</summary>
    public async Task LeaveAsync(WireClient client, ReasonCode reason = ReasonCode.Success, Props? props = null)
    {
        await client.LeaveAsync(reason, props);
        await SettleAsync();
    }

    /// <summary>The client vanishes without a word, and the broker has taken notice.</summary>
    public Task VanishAsync(WireClient client)
    {
        client.Dispose();
        return SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        using var patience = new CancellationTokenSource(Patience);
        await Broker.DrainAsync(patience.Token);
        var left = Broker.ConnectionCount;
        await Broker.DisposeAsync();
        left.ShouldBe(0, "connections stayed behind");
        Logger.Errors.ShouldBeEmpty();
    }

    private TestBroker Listen()
    {
        Address = Broker.Listen(Address);
        return this;
    }

    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _letGo = new();

        public void Wait() => _letGo.Wait(Patience);

        public void Dispose() => _letGo.Set();
    }
}
