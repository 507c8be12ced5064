namespace TelemetryHub.Core.Feeds;

/// <summary>What carries a reader: a connection.</summary>
public interface IReaderOwner
{
    /// <summary>Something waits to be written: call <see cref="FeedReader.Fill"/>, soon and elsewhere. Any thread; several calls before the fill are one.</summary>
    void Wake();
}
