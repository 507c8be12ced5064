namespace TelemetryHub.Broker.Sessions;

/// <summary>What became of a <see cref="SessionRequest"/>: a session, or none because the client id is in jail for flapping.</summary>
internal readonly record struct AttachResult(Session? Session, bool IsPresent)
{
    public static AttachResult Jailed => default;
}
