namespace TelemetryHub.Core.Feeds;

/// <summary>Where a feed encodes what it was handed and wakes its readers: the thread that writes to them, where there is one. One at a time, in order.</summary>
public interface IFeedLoop
{
    /// <summary>Runs this soon. Any thread.</summary>
    void Post(Action work);
}
