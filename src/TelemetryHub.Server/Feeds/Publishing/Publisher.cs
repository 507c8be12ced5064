using TelemetryHub.Broker;
using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>
/// Puts the publishes of those who are no MQTT clients into the log, after the checks that a PUBLISH meets. One for all of them; any thread.
/// Who waits for the log uses <see cref="PendingPublishes{TTag}"/>.
/// </summary>
internal sealed class Publisher(ILog log, Router router, TopicTable topics, IAccess access, BrokerOptions limits, IReactorWork work, TimeProvider time)
{
    /// <summary>The log that is published to.</summary>
    public ILog Log => log;

    /// <summary>The largest topic and payload together.</summary>
    public int MaxBytes => limits.MaxPacketBytes;

    /// <summary>
    /// Appends. What was appended is routed by <see cref="Route"/>: once per batch, and by a link without being asked.
    /// </summary>
    public PublishStatus TryPublish(Principal principal, in Publication publication, out Event? appended, out long ticket)
    {
        (appended, ticket) = (null, 0);
        var refusal = Check(principal, publication, out var topic);
        if (refusal != PublishStatus.Taken)
            return refusal;
        var @event = new Event
        {
            Topic = topic!,
            Payload = publication.Payload.ToArray(),
            Publisher = principal,
            QoS = publication.QoS,
            Retain = publication.Retain,
            Time = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var result = Append(@event, out ticket);
        if (result == AppendResult.Appended)
            appended = @event;
        return result switch
        {
            AppendResult.Appended => PublishStatus.Taken,
            AppendResult.Full => PublishStatus.Full,
            _ => PublishStatus.NotKept,
        };
    }

    /// <summary>Hands what was appended to its subscribers.</summary>
    public void Route() => work.OnBatchRead();

    private PublishStatus Check(Principal principal, in Publication publication, out Topic? topic)
    {
        topic = null;
        var name = publication.Topic;
        if (!TopicName.IsValid(name))
            return PublishStatus.NoTopic;
        if (name.Length > limits.MaxTopicBytes || name.Count((byte)'/') >= limits.MaxTopicLevels)
            return PublishStatus.TopicTooLong;
        if (ReservedTopics.Contains(name))
            return PublishStatus.ReservedTopic;
        if (name.Length + publication.Payload.Length > MaxBytes)
            return PublishStatus.TooLarge;
        topic = topics.Get(name);
        if (!access.MayPublish(principal, topic.Name))
            return PublishStatus.Forbidden;
        return publication.Retain && !publication.Payload.IsEmpty && router.RetainedBytes >= limits.MaxRetainedBytes
            ? PublishStatus.RetainedFull
            : PublishStatus.Taken;
    }

    // What fills the log may be what has not been routed yet.
    private AppendResult Append(Event @event, out long ticket)
    {
        var result = log.TryAppend(@event, out ticket);
        if (result != AppendResult.Full)
            return result;
        Route();
        return log.TryAppend(@event, out ticket);
    }
}
