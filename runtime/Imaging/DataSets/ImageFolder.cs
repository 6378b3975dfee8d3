using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;

namespace Strata.Imaging;

/// <summary>
/// Pictures in a folder for each class, as torchvision's <c>ImageFolder</c> reads them: <c>flowers/rose/1.jpg</c>. They are decoded and
/// preprocessed on other threads, some batches ahead of training.
/// </summary>
/// <remarks>
/// <para>
/// Classes are the folders' names in ordinal order, and files are in ordinal order of their paths. Each enumeration is an epoch, with an
/// order of its own if <see cref="Shuffle"/> is set. Results do not depend on the number of threads. Links to folders are followed, except
/// where that would have no end: a link to a folder in which it is.
/// </para>
/// <code>
/// var training = new ImageFolder("flowers/train", ImagePreprocessing.ImageNet) { Shuffle = true, BatchSize = 32 };
/// trainer.Fit(training, new FitOptions { Epochs = 5 });
/// ClassNames.Save("flowers.safetensors", training.ClassNames);
/// </code>
/// </remarks>
public sealed class ImageFolder : ISkippableSamples
{
    private readonly RandomResizedCrop? _crop;

    // The augmentation without what is done on photographs.
    private readonly Augmentation? _changes;

    private int _epoch;

    /// <summary>Lists the pictures of a folder.</summary>
    /// <param name="path">The folder, which has a folder for each class.</param>
    /// <param name="preprocessing">How a picture becomes a sample.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">It has no folders, or one of them has no pictures.</exception>
    public ImageFolder(string path, ImagePreprocessing preprocessing)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(preprocessing);
        string[] folders =
        [
            .. Directory.EnumerateDirectories(path).Where(folder => !PictureFiles.LeadsBack(folder)).Order(StringComparer.Ordinal),
        ];
        if (folders.Length == 0)
        {
            throw new InvalidDataException($"{path} has no folders; a folder for each class was expected.");
        }

        Preprocessing = preprocessing;
        ClassNames = [.. folders.Select(folder => Path.GetFileName(folder))];
        Files = [.. folders.SelectMany((folder, c) => PictureFiles.Find(folder).Select(file => new ImageFolderItem(file, c)))];
    }

    private ImageFolder(ImageFolder source, int[] items)
    {
        (Preprocessing, ClassNames, Files) = (source.Preprocessing, source.ClassNames, [.. items.Select(i => source.Files[i])]);
        (BatchSize, Shuffle, Seed, Threads) = (source.BatchSize, source.Shuffle, source.Seed, source.Threads);
        (Augmentation, ReadOptions) = (source.Augmentation, source.ReadOptions);
    }

    /// <summary>How a picture becomes a sample.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>The names of the classes: those of the folders.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<ImageFolderItem> Files { get; }

    /// <summary>Number of pictures.</summary>
    public int Count => Files.Count;

    /// <summary>Extents of a sample: (C, H, W).</summary>
    public IReadOnlyList<int> SampleShape => [Preprocessing.Channels, Preprocessing.Height, Preprocessing.Width];

    /// <summary>Samples of a piece; training has a batch size of its own. Default 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Must be 1 or more.");
    } = 32;

    /// <summary>Whether each epoch has another order. Default false.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Orders and augmentation depend on it, and on the number of the epoch.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that decode; 0 (the default) means one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Random changes of samples, made on the threads that decode; null for none. A <see cref="RandomResizedCrop"/> comes first, wherever
    /// it stands: it cuts its part out of the photograph, as in torchvision, and that part is resized to the input. The other changes are
    /// made on the input.
    /// </summary>
    public Augmentation? Augmentation
    {
        get;
        init
        {
            field = value;
            _crop = value?.Transforms.OfType<RandomResizedCrop>().FirstOrDefault();
            _changes = _crop is null ? value : new Augmentation([.. value!.Transforms.Where(one => !ReferenceEquals(one, _crop))])
            {
                Range = value.Range,
                Fill = value.Fill,
            };
        }
    }

    /// <summary>How files are read; null for the defaults, with which EXIF orientations are ignored, as in torchvision.</summary>
    public ImageReadOptions? ReadOptions { get; init; }

    /// <summary>Divides the pictures at random, with the same share of each class on both sides.</summary>
    /// <param name="fraction">The share of the second part, 0 to 1.</param>
    /// <param name="seed">Another seed gives another division.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not from 0 to 1.</exception>
    public (ImageFolder First, ImageFolder Second) Split(double fraction, ulong seed = 0)
    {
        (int[] first, int[] second) = StratifiedSplit.Of([.. Files.Select(f => f.Class)], fraction, seed);
        return (new ImageFolder(this, first), new ImageFolder(this, second));
    }

    /// <summary>Reads all pictures into memory, in the order of <see cref="Files"/>, without augmentation.</summary>
    /// <exception cref="ImageFormatException">A file is damaged, or no picture; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public LabeledData ReadAll()
    {
        float[] inputs = new float[checked(Count * Preprocessing.Length)];
        var failures = new SortedDictionary<int, Exception>();
        Parallel.For(
            0, Count, new ParallelOptions { MaxDegreeOfParallelism = Threads > 0 ? Threads : Environment.ProcessorCount }, (i, loop) =>
            {
                try
                {
                    Read(i, inputs.AsSpan(i * Preprocessing.Length, Preprocessing.Length), epoch: null);
                }
                catch (Exception e)
                {
                    // All files before this one are still read, so that the same failure is found with any number of threads.
                    loop.Break();
                    lock (failures)
                    {
                        failures.Add(i, e);
                    }
                }
            });
        if (failures.Count > 0)
        {
            ExceptionDispatchInfo.Throw(failures.First().Value);
        }

        return new LabeledData(inputs, [.. Files.Select(f => f.Class)], SampleShape, ClassNames);
    }

    /// <summary>Reads the pictures of the next epoch.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        GetAsyncEnumerator(_ => true, cancellationToken);

    /// <summary>Reads those pictures of the next epoch that are wanted. The samples of the others are zeros.</summary>
    /// <param name="isWanted">Whether the picture at a position of the epoch is wanted.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(Func<int, bool> isWanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        int epoch = Interlocked.Increment(ref _epoch);
        int[] order = [.. Enumerable.Range(0, Count)];
        if (Shuffle)
        {
            StratifiedSplit.Shuffle(order, Seed, (ulong)epoch);
        }

        // Batches are read at the same time, one on each thread, and returned in order. One more waits, read already or for a thread.
        int threads = Threads > 0 ? Threads : Environment.ProcessorCount;
        using var free = new SemaphoreSlim(threads);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<SampleBatch>>();
        try
        {
            for (int next = 0; next < Count || ahead.Count > 0;)
            {
                while (next < Count && ahead.Count <= threads)
                {
                    ArraySegment<int> items = new(order, next, int.Min(BatchSize, Count - next));
                    ahead.Enqueue(Task.Run(() => ReadBatchAsync(items, isWanted, epoch, free, end.Token), end.Token));
                    next += items.Count;
                }

                yield return await ahead.Dequeue().ConfigureAwait(false);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(ahead).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }

    private async Task<SampleBatch> ReadBatchAsync(
        ArraySegment<int> items, Func<int, bool> isWanted, int epoch, SemaphoreSlim free, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return ReadBatch(items, isWanted, epoch, cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }

    private SampleBatch ReadBatch(ArraySegment<int> items, Func<int, bool> isWanted, int epoch, CancellationToken cancellationToken)
    {
        // Each float is written below: clearing megabytes before takes time.
        float[] inputs = GC.AllocateUninitializedArray<float>(items.Count * Preprocessing.Length);
        int[] classes = new int[items.Count];
        for (int i = 0; i < items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<float> sample = inputs.AsSpan(i * Preprocessing.Length, Preprocessing.Length);
            if (isWanted(items.Offset + i))
            {
                Read(items[i], sample, epoch);
            }
            else
            {
                sample.Clear();
            }

            classes[i] = Files[items[i]].Class;
        }

        return new SampleBatch(inputs, classes);
    }

    private void Read(int item, Span<float> sample, int? epoch)
    {
        Picture picture = ImageFile.Read(Files[item].Path, ReadOptions);
        // One thread for each picture: others decode meanwhile.
        ImagePreprocessing preprocessing = Preprocessing with { Threads = 1 };
        var pixels = new PixelBuffer(picture);
        if (epoch is { } number && _crop is not null)
        {
            (int left, int top, int width, int height) = _crop.PartOf(picture.Width, picture.Height, Seed, number, item);
            pixels = pixels.Crop(left, top, width, height);
            preprocessing = preprocessing with { Fit = ImageFit.Stretch };
        }

        if (epoch is null || _changes is not { Transforms.Count: > 0 })
        {
            preprocessing.Apply(pixels, sample);
            return;
        }

        float[] plain = ArrayPool<float>.Shared.Rent(sample.Length);
        try
        {
            preprocessing.Apply(pixels, plain.AsSpan(0, sample.Length));
            _changes.Apply(plain.AsSpan(0, sample.Length), sample, [.. SampleShape], Seed, epoch.Value, item);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(plain);
        }
    }
}

/// <summary>A picture of a folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Class">Its class, counted from 0.</param>
public readonly record struct ImageFolderItem(string Path, int Class);
