using TelemetryHub.Core.Events;

namespace TelemetryHub.Core.Tests.Journaling.Format;

/// <summary>Whether two events are the same in everything that the journal keeps.</summary>
internal static class Same
{
    public static void ShouldBeSameAs(this Event actual, Event expected)
    {
        actual.Sequence.ShouldBe(expected.Sequence);
        actual.Topic.Name.ShouldBe(expected.Topic.Name);
        actual.Payload.ShouldBe(expected.Payload);
        actual.Properties.ShouldBe(expected.Properties);
        actual.Publisher.ShouldBe(expected.Publisher);
        (actual.Time, actual.ExpiresAt).ShouldBe((expected.Time, expected.ExpiresAt));
        (actual.QoS, actual.Retain).ShouldBe((expected.QoS, expected.Retain));
        (actual.Session, actual.PacketId).ShouldBe((expected.Session, expected.PacketId));
    }
}
