using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>An event's members and their order, the same in every encoding.</summary>
internal static class EventItem
{
    public static void Write<TWriter>(ref TWriter to, Event @event, in ItemShape shape, EncodingContext context)
        where TWriter : struct, IItemWriter, allows ref struct
    {
        var hasOrigin = shape.Format == EventFormat.Event;
        to.Start((shape.Subscription is null ? 0 : 1) + (shape.IsWhole ? 1 : 0) + (hasOrigin ? 6 : 2));
        if (shape.Subscription is { } subscription)
        {
            to.Name("sub"u8);
            to.Text(subscription);
        }
        if (shape.IsWhole)
        {
            to.Name("id"u8);
            to.Cursor(context.Epoch, @event.Sequence);
        }
        to.Name("topic"u8);
        to.Text(@event.Topic.Name.Utf8);
        if (hasOrigin)
            WriteOrigin(ref to, @event);
        to.Payload(@event.Payload, context.Fields);
        to.End();
    }

    private static void WriteOrigin<TWriter>(ref TWriter to, Event @event)
        where TWriter : struct, IItemWriter, allows ref struct
    {
        to.Name("time"u8);
        to.Time(@event.Time);
        to.Name("qos"u8);
        to.Number((long)@event.QoS);
        to.Name("retain"u8);
        to.Bool(@event.Retain);
        to.Name("client"u8);
        to.Text(@event.Publisher.ClientId);
    }
}
