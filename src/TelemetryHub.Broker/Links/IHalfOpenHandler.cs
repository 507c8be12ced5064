namespace TelemetryHub.Broker.Links;

/// <summary>A handler that may have something to say to a peer that has said its last word. Others are closed then.</summary>
public interface IHalfOpenHandler : ILinkHandler
{
    /// <summary>The peer closed its side: nothing more is received. The link goes on sending until <see cref="ILinkHandler.Fill"/> says that it is over.</summary>
    void OnPeerDone();
}
