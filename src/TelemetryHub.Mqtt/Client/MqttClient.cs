using System.Threading.Channels;
using TelemetryHub.Mqtt.Client.Sessions;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client;

/// <summary>
/// An MQTT client for 3.1, 3.1.1 and 5 over TCP, TLS and WebSocket. All members may be called from any thread. It reconnects by itself
/// after a loss (<see cref="MqttClientOptions.Reconnect"/>) and carries unacknowledged publishes and QoS 2 ids over to the next connection.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    private readonly Publications _publications;
    private readonly Inbox _inbox;
    private readonly KnownSubscriptions _subscriptions = new();
    private readonly Lifecycle _lifecycle;

    /// <summary>Throws <see cref="ArgumentException"/> for options that make no sense.</summary>
    public MqttClient(MqttClientOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _publications = new Publications(options);
        _inbox = new Inbox(options);
        _lifecycle = new Lifecycle(options, time ?? TimeProvider.System, _publications, _inbox, _subscriptions);
        _lifecycle.StateChanged += (_, change) => StateChanged?.Invoke(this, change);
    }

    /// <summary>Raised in order, on the thread that works for the connection: handlers must not block.</summary>
    public event EventHandler<ConnectionStateChange>? StateChanged;

    public MqttConnectionState State => _lifecycle.State;

    /// <summary>
    /// What was received. It holds <see cref="MqttClientOptions.MaximumWaitingMessages"/> messages; while it is full the socket is not read, acks included: a
    /// loop that reads here and waits for QoS 1 or 2 publishes of its own can then wait for itself. It completes when the client is
    /// disposed, not when the connection is lost.
    /// </summary>
    public ChannelReader<ReceivedMessage> Messages => _inbox.Messages;

    /// <summary>The messages of <see cref="Messages"/>; several readers share them.</summary>
    public IAsyncEnumerable<ReceivedMessage> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _inbox.Messages.ReadAllAsync(cancellationToken);

    /// <summary>Makes the first connection; later ones come by themselves.</summary>
    /// <exception cref="MqttRefusedException">The server said no.</exception>
    /// <exception cref="MqttDisconnectedException">No server, or not in time, or not MQTT.</exception>
    public Task<ConnectResult> ConnectAsync(CancellationToken cancellationToken = default) => _lifecycle.ConnectAsync(cancellationToken);

    /// <summary>
    /// Completes with the server's answer: PUBACK for QoS 1, PUBCOMP (or a refusing PUBREC) for QoS 2. QoS 0 completes when the message is
    /// in the outgoing buffer, which waits while the socket does not keep up. While reconnecting QoS 1 and 2 wait for the next
    /// connection, QoS 0 fails. Cancelling stops the waiting; a message that was sent already is seen through all the same.
    /// </summary>
    /// <exception cref="MqttDisconnectedException">Not connected, or the connection ended for good.</exception>
    /// <exception cref="MqttRefusedException">The server announced limits that the message exceeds.</exception>
    public ValueTask<PublishResult> PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _publications.PublishAsync(message, cancellationToken);
    }

    /// <inheritdoc cref="PublishAsync(MqttMessage, CancellationToken)"/>
    public ValueTask<PublishResult> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, QoS qos = QoS.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default) =>
        PublishAsync(new MqttMessage { Topic = TopicName.Parse(topic), Payload = payload, QoS = qos, Retain = retain }, cancellationToken);

    /// <summary>
    /// QoS 0 without a promise and without an allocation: copies the payload into the outgoing buffer, or returns false when that is full or
    /// the client is not connected.
    /// </summary>
    public bool TryPublish(TopicName topic, ReadOnlySpan<byte> payload, bool retain = false)
    {
        if (topic.IsEmpty)
            throw new ArgumentException("A message needs a topic.", nameof(topic));
        return _publications.TryPublish(topic, payload, retain);
    }

    /// <summary>Completes with the server's answer to every filter; refusals are in it.</summary>
    public async Task<SubscriptionAnswer> SubscribeAsync(
        IReadOnlyList<SubscriptionRequest> requests, SubscriptionProperties? properties = null, CancellationToken cancellationToken = default)
    {
        RequireFilters(requests.Select(request => request.Filter));
        var answer = await _lifecycle.Current.Requests.SubscribeAsync(requests, properties, cancellationToken).ConfigureAwait(false);
        _subscriptions.Add(requests, properties, answer);
        return answer;
    }

    /// <inheritdoc cref="SubscribeAsync(IReadOnlyList{SubscriptionRequest}, SubscriptionProperties, CancellationToken)"/>
    public Task<SubscriptionAnswer> SubscribeAsync(params SubscriptionRequest[] requests) => SubscribeAsync(requests, null);

    /// <inheritdoc cref="SubscribeAsync(IReadOnlyList{SubscriptionRequest}, SubscriptionProperties, CancellationToken)"/>
    public Task<SubscriptionAnswer> SubscribeAsync(string filter, QoS qos = QoS.AtMostOnce, CancellationToken cancellationToken = default) =>
        SubscribeAsync([new SubscriptionRequest(TopicFilter.Parse(filter), qos)], null, cancellationToken);

    /// <summary>Completes with the server's answer to every filter.</summary>
    public async Task<SubscriptionAnswer> UnsubscribeAsync(
        IReadOnlyList<TopicFilter> filters, SubscriptionProperties? properties = null, CancellationToken cancellationToken = default)
    {
        RequireFilters(filters);
        var answer = await _lifecycle.Current.Requests.UnsubscribeAsync(filters, properties, cancellationToken).ConfigureAwait(false);
        _subscriptions.Remove(answer.Outcomes.Where(outcome => outcome.IsSuccess));
        return answer;
    }

    /// <inheritdoc cref="UnsubscribeAsync(IReadOnlyList{TopicFilter}, SubscriptionProperties, CancellationToken)"/>
    public Task<SubscriptionAnswer> UnsubscribeAsync(params TopicFilter[] filters) => UnsubscribeAsync(filters, null);

    /// <summary>MQTT 5: authenticates anew on the connection that stands, for instance before a token expires.</summary>
    public Task AuthenticateAgainAsync(CancellationToken cancellationToken = default) =>
        _lifecycle.Current.Reauthentication.RunAsync(cancellationToken);

    /// <summary>
    /// Sends what was published, then DISCONNECT, and stops reconnecting. Publishes that are not acknowledged fail. With
    /// <see cref="ReasonCode.DisconnectWithWill"/> the server publishes the will (MQTT 5). <see cref="ConnectAsync"/> may follow.
    /// </summary>
    public Task DisconnectAsync(ReasonCode reason = ReasonCode.Success, uint? sessionExpirySeconds = null) =>
        _lifecycle.DisconnectAsync(reason, sessionExpirySeconds);

    /// <summary>Disconnects, and completes <see cref="Messages"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);
        _inbox.Complete();
    }

    private static void RequireFilters(IEnumerable<TopicFilter> filters)
    {
        if (!filters.Any() || filters.Any(filter => filter.IsEmpty))
            throw new ArgumentException("At least one filter is needed, and no empty ones.", nameof(filters));
    }
}
