using System.Buffers;
using TelemetryHub.Broker.Links;

namespace TelemetryHub.Server.Tests.Http.Takeover;

/// <summary>Has nothing to say and holds nothing.</summary>
internal sealed class QuietHandler : ILinkHandler
{
    public int NeededBytes => 1;

    public int OnReceived(ReadOnlySpan<byte> bytes) => bytes.Length;

    public FillResult Fill(IBufferWriter<byte> output, int budgetBytes) => FillResult.Empty;

    public void OnClosed(LinkEnd end)
    {
        // Nothing to end.
    }
}
