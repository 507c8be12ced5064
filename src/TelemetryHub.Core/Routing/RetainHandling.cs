namespace TelemetryHub.Core.Routing;

/// <summary>MQTT 5 §3.8.3.1: when a subscription is answered with retained messages.</summary>
public enum RetainHandling : byte
{
    /// <summary>At every SUBSCRIBE.</summary>
    Always,

    /// <summary>Only if the subscription is new.</summary>
    OnlyIfNew,

    /// <summary>Never.</summary>
    Never,
}
