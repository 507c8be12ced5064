using System.Buffers;
using TelemetryHub.Broker.Links;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Broker.Proxy;

/// <summary>For listeners behind a proxy: reads the PROXY header of each connection before the broker sees it.</summary>
internal sealed class ProxyAcceptor(ILinkAcceptor inner) : ILinkAcceptor
{
    /// <inheritdoc/>
    public ILinkHandler? Accept(Link link) => inner.Accept(link) is { } handler ? new HeaderFirst(link, handler) : null;

    /// <summary>Stands before the real handler: until the header is there every byte is the header's, afterwards none is.</summary>
    private sealed class HeaderFirst(Link link, ILinkHandler inner) : ILinkHandler
    {
        private bool _isRead;
        private int _needed = 1;

        public int NeededBytes => _isRead ? inner.NeededBytes : _needed;

        public int OnReceived(ReadOnlySpan<byte> bytes)
        {
            if (_isRead)
                return inner.OnReceived(bytes);
            switch (ProxyHeader.TryRead(bytes, out var header))
            {
                case ReadStatus.NeedMore:
                    _needed = bytes.Length + 1;
                    return 0;
                case ReadStatus.Malformed:
                    link.Post(link.Abort); // not from in here: the link still reads these bytes
                    return bytes.Length;
            }
            _isRead = true;
            if (header.Source is { } source)
                link.Info = link.Info with { Remote = source };
            var rest = bytes[header.Length..];
            return header.Length + (rest.IsEmpty ? 0 : inner.OnReceived(rest));
        }

        public FillResult Fill(IBufferWriter<byte> output, int budgetBytes) => inner.Fill(output, budgetBytes);

        public void OnClosed(LinkEnd end) => inner.OnClosed(end);
    }
}
