using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace Strata.Serving.Hosting;

/// <summary>Loads the models before the server takes requests, and looks at their files while it runs.</summary>
internal sealed class ModelLoading(ModelRepository repository, TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ServedModel model in repository.Models.Where(model => model.Options.LoadAtStart))
        {
            await model.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        _watching = Task.WhenAll(repository.Models.Where(model => model is { Options.WatchInterval: not null, WeightsPath: not null })
            .Select(model => WatchAsync(model, model.Options.WatchInterval!.Value)));
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

    private async Task WatchAsync(ServedModel model, TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval, time);
        (DateTime, long)? loaded = StampOf(model.WeightsPath!), before = loaded;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                (DateTime, long)? now = StampOf(model.WeightsPath!);

                // A file that still grows is read when it has come to rest. Files that are renamed into place are read at the next look.
                bool isAtRest = now == before;
                before = now;
                if (now is null || now == loaded || !isAtRest || model.State != ModelState.Ready)
                {
                    continue;
                }

                loaded = now;
                try
                {
                    await model.LoadAsync(_end.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
                {
                    // The log has it, and the old weights go on serving.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The app ends.
        }
    }

    private static (DateTime, long)? StampOf(string path)
    {
        // Of the file that a link leads to: Kubernetes exchanges links.
        var file = new FileInfo(path);
        FileInfo end = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return end.Exists ? (end.LastWriteTimeUtc, end.Length) : null;
    }
}
