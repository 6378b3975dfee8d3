using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Strata.Serving.Hosting;

/// <summary>Loads the models before the server takes requests, and looks at their files while it runs.</summary>
internal sealed partial class ModelLoading(ModelRepository repository, TimeProvider time, ILogger<ModelLoading> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The stamps are older than what is loaded: a file that changes meanwhile is loaded again.
        var watched = repository.Models.Where(model => model is { Options.WatchInterval: not null, WeightsPath: not null })
            .Select(model => (Model: model, Stamp: StampOf(model))).ToArray();
        foreach (ServedModel model in repository.Models.Where(model => model.Options.LoadAtStart))
        {
            await model.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        _watching = Task.WhenAll(watched.Select(one => WatchAsync(one.Model, one.Stamp)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        foreach (ServedModel model in repository.Models)
        {
            await model.UnloadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _end.Dispose();

    private async Task WatchAsync(ServedModel model, Stamp? loaded)
    {
        using var timer = new PeriodicTimer(model.Options.WatchInterval!.Value, time);
        Stamp? before = loaded;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                Stamp? now = StampOf(model);

                // A file that still grows is read when it has come to rest. Files that are renamed into place are read at the next look.
                bool isAtRest = now == before;
                before = now;
                if (now is not null && now != loaded && isAtRest && model.State == ModelState.Ready)
                {
                    loaded = await HasBeenReadAsync(model).ConfigureAwait(false) ? now : null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The app ends.
        }
    }

    /// <summary>Loads a model. If that fails, the log has it, and the old weights go on serving.</summary>
    /// <returns>False if the next look should try again: what kept the file from being read may pass. Its content stays as it is.</returns>
    private async Task<bool> HasBeenReadAsync(ServedModel model)
    {
        try
        {
            await model.LoadAsync(_end.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e is InvalidDataException or FormatException;
        }
    }

    /// <summary>The time and the length of a model's file; null if there is none, or it cannot be told now.</summary>
    private Stamp? StampOf(ServedModel model)
    {
        try
        {
            // Of the file that a link leads to: Kubernetes exchanges links.
            var file = new FileInfo(model.WeightsPath!);
            FileInfo end = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return end.Exists ? new Stamp(end.LastWriteTimeUtc, end.Length) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotSeen(logger, e, model.Name, model.WeightsPath!);
            return null;
        }
    }

    private readonly record struct Stamp(DateTime Written, long Length);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Model {Model}: its file of weights cannot be looked at now ({Path}).")]
        public static partial void NotSeen(ILogger logger, Exception exception, string model, string path);
    }
}
