using TelemetryHub.Broker.Links;
using TelemetryHub.Server.Feeds;
using TelemetryHub.Server.Feeds.Requests;
using TelemetryHub.Server.Feeds.Streams;
using TelemetryHub.Server.Tests.Hosting;

namespace TelemetryHub.Server.Tests.Feeds.Streams;

public sealed class WriteTimeoutTests : IDisposable
{
    private readonly StreamUpkeep _upkeep = new(new ManualTime());
    private readonly StuckLink _link = new();
    private readonly EventStream _stream;

    public WriteTimeoutTests()
    {
        var options = new FeedsOptions { WriteTimeout = TimeSpan.FromSeconds(30) };
        var admission = new Admission(options);
        _stream = new EventStream(_link, FeedTransport.Sse, new StreamPlace(admission, _upkeep, new RetryTimes(options, admission), options));
    }

    public void Dispose() => _upkeep.Dispose();

    [Fact]
    public void A_reader_that_takes_nothing_is_cut_after_its_time()
    {
        _link.Since = 1000;
        _stream.Tick(31_000);
        _link.IsAborted.ShouldBeFalse();
        _stream.Tick(31_001);
        _link.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public void A_quiet_one_is_not()
    {
        _stream.Tick(long.MaxValue);
        _link.IsAborted.ShouldBeFalse();
    }

    private sealed class StuckLink() : Link(new LinkInfo(LinkTransport.Tcp, null))
    {
        public long Since { get; set; }

        public bool IsAborted { get; private set; }

        public override long BlockedSince => Since;

        public override void Wake() => throw new NotSupportedException();

        public override void Post(Action action) => throw new NotSupportedException();

        public override void PauseReading() => throw new NotSupportedException();

        public override void ResumeReading() => throw new NotSupportedException();

        public override void Abort() => IsAborted = true;
    }
}
