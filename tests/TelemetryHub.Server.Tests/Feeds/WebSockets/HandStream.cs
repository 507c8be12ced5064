using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using TelemetryHub.Broker.Links;
using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Publishing;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Frames;
using TelemetryHub.Server.Tests.Feeds.WebSockets.Frames;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets;

/// <summary>A socket's end in the hub, whose link the test is: what was sent and when is in its hands.</summary>
internal sealed class HandStream : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);

    public HandStream(FeedHub hub, StreamProtocol protocol = StreamProtocol.Json)
    {
        hub.Services.GetRequiredService<Admission>().Enter();
        Stream = new WebSocketStream(hub.Services.GetRequiredService<SocketPlace>(), Link, null, protocol, new Principal("", null));
    }

    public HandLink Link { get; } = new();

    public WebSocketStream Stream { get; }

    /// <summary>Publishes in the hub.</summary>
    public static void Publish(FeedHub hub, string topic, string payload)
    {
        var publisher = hub.Services.GetRequiredService<Publisher>();
        var publication = new Publication(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload)) { QoS = QoS.AtMostOnce };
        publisher.TryPublish(new Principal("", null), publication, out _, out _).ShouldBe(PublishStatus.Taken);
        publisher.Route();
    }

    /// <summary>The socket begins with a subscription of its URL.</summary>
    public void Begin(FeedHub hub, params (string Name, string Text)[] query)
    {
        var texts = query.Select(pair => KeyValuePair.Create(pair.Name, new StringValues(pair.Text)));
        hub.Services.GetRequiredService<FeedRequestReader>().TryRead(new Principal("", null), texts, out var request, out _).ShouldBeTrue();
        Stream.Begin(request);
    }

    /// <summary>The peer sends a text message.</summary>
    public void Say(string text)
    {
        var frame = ClientFrames.Text(text);
        Stream.OnReceived(frame).ShouldBe(frame.Length);
    }

    /// <summary>The peer sends these bytes, of which some may be left.</summary>
    public int Send(params byte[] bytes) => Stream.OnReceived(bytes);

    /// <summary>What the hub sends when it is asked: "Text …", "Ping", "Close 1012".</summary>
    public (FillResult Result, List<string> Frames) Fill(int budgetBytes = 64 << 10)
    {
        _output.ResetWrittenCount();
        var result = Stream.Fill(_output, budgetBytes);
        Link.RunPosted();
        return (result, [.. ServerFrames.Read(_output.WrittenSpan)]);
    }

    /// <summary>A fill gives this.</summary>
    public void Expect(FillResult result, params string[] frames)
    {
        var (filled, sent) = Fill();
        (filled, string.Join(" | ", sent)).ShouldBe((result, string.Join(" | ", frames)));
    }

    /// <summary>Only fills; for who counts what it costs.</summary>
    public FillResult FillOnly(int budgetBytes)
    {
        _output.ResetWrittenCount();
        return Stream.Fill(_output, budgetBytes);
    }

    /// <summary>Fills whenever it is asked to, until this was sent.</summary>
    public async Task<string> FillUntilAsync(string part)
    {
        var all = new StringBuilder();
        while (true)
        {
            await Link.WokenAsync();
            FillResult result;
            do
            {
                (result, var frames) = Fill();
                all.AppendJoin('\n', frames);
                if (all.ToString().Contains(part, StringComparison.Ordinal)) return all.ToString();
            }
            while (result == FillResult.More);
        }
    }

    public void Dispose() => Stream.OnClosed(LinkEnd.PeerClosed);
}
