using System;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Pictures;

namespace Strata.Training;

/// <summary>
/// Writes an event file for TensorBoard: scalars, images, histograms and texts. The names are those of PyTorch's
/// <c>torch.utils.tensorboard.SummaryWriter</c>.
/// </summary>
/// <remarks>
/// <code>
/// using var writer = new TensorBoardWriter("runs/first");
/// trainer.Fit(images, labels, options, writer);
/// writer.AddParameters(network, trainer.Steps);
/// </code>
/// <para>
/// <c>tensorboard --logdir runs</c> shows each folder in <c>runs</c> as a run. A slash in a tag makes groups: <c>loss/training</c>.
/// </para>
/// <para>
/// Records are collected in memory. They are handed to the operating system
/// </para>
/// <list type="bullet">
/// <item><description>when there are 64 KiB of them,</description></item>
/// <item><description>when a record is added and the last write is longer ago than <see cref="FlushInterval"/>,</description></item>
/// <item><description>at the end of an epoch of <c>Fit</c>,</description></item>
/// <item><description>by <see cref="Flush"/> and <see cref="Dispose"/>.</description></item>
/// </list>
/// <para>
/// If the process dies or the writer is never disposed of, the records since the last write are lost. The file ends with a whole record. If
/// the disk is full or the power fails, its last record may be incomplete; TensorBoard then reads the records before it.
/// </para>
/// <para>
/// Any number of threads may use a writer at once. Records don't mix; they are in the order in which the calls write. Don't train a network
/// while <see cref="AddParameters"/>, <see cref="AddGradients"/> or <see cref="AddActivations"/> reads it.
/// </para>
/// </remarks>
public sealed class TensorBoardWriter : IProgress<FitProgress>, IDisposable
{
    private const int MostPending = 65_536;

    // Fields of Event, of Summary and of Summary.Value.
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, Value = 1, Tag = 1, SimpleValue = 2, Image = 4, Histo = 5,
        Tensor = 8, Metadata = 9;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly EventFile _file;
    private readonly ProtobufWriter _event = new();
    private long _flushed;
    private bool _disposed;

    /// <summary>Creates the folder, if it is not there, and a new event file in it.</summary>
    /// <param name="directory">The folder of the run: <c>runs/first</c>. TensorBoard joins the event files of a folder.</param>
    /// <param name="timeProvider">The clock for the records' times; null for the system's.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="IOException">The folder or the file cannot be created or written.</exception>
    public TensorBoardWriter(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _time = timeProvider ?? TimeProvider.System;
        _file = new EventFile(directory, _time.GetUtcNow());
        BeginEvent();
        _event.Text(FileVersion, "brain.Event:2");
        _file.Append(_event.Written);
        try
        {
            FlushFile();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The event file: <c>events.out.tfevents.TIME.MACHINE.PROCESS.NUMBER</c> in the folder, its time in Unix seconds.</summary>
    public string Path => _file.Path;

    /// <summary>
    /// How often the progress of <c>Fit</c> is written: at steps that are multiples of this, and at the last step of each epoch. 1 or more.
    /// Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int EverySteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(EverySteps));
            field = value;
        }
    } = 1;

    /// <summary>
    /// When a record is added and the last write is longer ago than this, all records are written to the file. Default five seconds.
    /// <see cref="TimeSpan.Zero"/> writes each record at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan FlushInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(FlushInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="tag">The curve's name: <c>loss/training</c>.</param>
    /// <param name="value">The value, which is rounded to 32 bits. TensorBoard marks values that are not finite.</param>
    /// <param name="step">The step, 0 or more.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. The record is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void AddScalar(string tag, double value, long step) =>
        Add(tag, step, (float)value, static (message, number) => message.Float(SimpleValue, number));

    /// <summary>Adds an image, as PNG.</summary>
    /// <param name="tag">The name of the row of images.</param>
    /// <param name="picture">The image.</param>
    /// <param name="step">The step, 0 or more.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. The record is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void AddImage(string tag, Picture picture, long step)
    {
        const int Colours = 3;
        ArgumentNullException.ThrowIfNull(picture);
        using var png = new MemoryStream();
        picture.Save(png);
        Add(tag, step, (picture, png), static (message, image) =>
        {
            using (message.Message(Image))
            {
                message.Integer(1, image.picture.Height);
                message.Integer(2, image.picture.Width);
                message.Integer(3, Colours);
                message.Bytes(4, image.png.GetBuffer().AsSpan(0, (int)image.png.Length));
            }
        });
    }

    /// <summary>
    /// Adds a histogram of some values, in TensorFlow's buckets: their limits are 0 and ±10⁻¹²·1.1ⁿ up to ±10²⁰, so that each bucket is a
    /// tenth wider than the one before it. Minimum, maximum, sum and sum of squares are exact, not taken from the buckets.
    /// </summary>
    /// <remarks>
    /// Infinities and NaN are in no bucket and in none of the sums. If there are any, their number is written as a scalar,
    /// <c>TAG/non-finite</c>.
    /// </remarks>
    /// <param name="tag">The name of the histograms: <c>parameters/conv1.weight</c>.</param>
    /// <param name="values">The values, one or more.</param>
    /// <param name="step">The step, 0 or more.</param>
    /// <exception cref="ArgumentException">The tag is empty, or there are no values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. The record is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A histogram needs values; there are none.", nameof(values));
        }

        var histogram = new Histogram(values);
        Add(tag, step, histogram, static (message, histogram) =>
        {
            using (message.Message(Histo))
            {
                histogram.Write(message);
            }
        });
        if (histogram.NonFinite > 0)
        {
            AddScalar($"{tag}/non-finite", histogram.NonFinite, step);
        }
    }

    /// <summary>Adds a text.</summary>
    /// <param name="tag">The name of the texts.</param>
    /// <param name="text">The text, which TensorBoard reads as Markdown.</param>
    /// <param name="step">The step, 0 or more.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. The record is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void AddText(string tag, string text, long step)
    {
        const int StringType = 7;
        ArgumentNullException.ThrowIfNull(text);
        Add(tag, step, text, static (message, text) =>
        {
            using (message.Message(Metadata))
            using (message.Message(1))
            {
                message.Text(1, "text");
            }

            // A string tensor without dimensions holds one string.
            using (message.Message(Tensor))
            {
                message.Integer(1, StringType);
                message.Bytes(2, []);
                message.Text(8, text);
            }
        });
    }

    /// <summary>Adds a histogram of each parameter and running statistic: <c>parameters/conv1.weight</c>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="step">The step, 0 or more: <see cref="Trainer.Steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. What was added is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer or the network was disposed of.</exception>
    public void AddParameters(CompiledNetwork network, long step)
    {
        ArgumentNullException.ThrowIfNull(network);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            AddHistogram($"parameters/{parameter.Key}", values, step);
        }
    }

    /// <summary>
    /// Adds a histogram of the gradient of each trained parameter, from the last step or computation of gradients:
    /// <c>gradients/conv1.weight</c>.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="step">The step, 0 or more: <see cref="Trainer.Steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer.</exception>
    /// <exception cref="IOException">The file cannot be written. What was added is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer, the trainer or its network was disposed of.</exception>
    public void AddGradients(Trainer trainer, long step)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        foreach (Parameter parameter in trainer.Network.Parameters.Where(parameter => parameter.IsTrainable))
        {
            float[] values = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, values);
            AddHistogram($"gradients/{parameter.Key}", values, step);
        }
    }

    /// <summary>
    /// Adds a histogram of each layer's activations for a sample in inference: <c>activations/conv1</c>. For this, the network computes
    /// every layer by itself and takes memory for all of them. <see cref="NetworkOptions.Observe"/> need not name the layers.
    /// </summary>
    /// <param name="network">The network, declared with <c>[Network(Observable = true)]</c>.</param>
    /// <param name="input">The sample.</param>
    /// <param name="step">The step, 0 or more: <see cref="Trainer.Steps"/>.</param>
    /// <exception cref="ArgumentException">The network cannot be observed, or these are not the inputs of one sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written. What was added is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer or the network was disposed of.</exception>
    public void AddActivations(CompiledNetwork network, ReadOnlySpan<float> input, long step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using Lifetime.Hold hold = network.Enter();
        if (input.Length != network.InputLength)
        {
            throw new ArgumentException(
                $"A sample of {network.Info.Name} has {MessageText.Count(network.InputLength, "float")}, but {input.Length} were given.",
                nameof(input));
        }

        string[] layers = [.. network.Info.Layers.Where(layer => !layer.TrainingOnly).Select(layer => layer.Name)];
        using var observer = new Observer(network, layers, nameof(network));
        network.Observe(observer, input);
        foreach (string layer in layers)
        {
            AddHistogram($"activations/{layer}", observer.Activation(layer), step);
        }
    }

    /// <summary>
    /// Writes the progress of <c>Fit</c>. At the steps of <see cref="EverySteps"/>: <c>loss/training</c> (the mean of the epoch so far),
    /// <c>learning_rate</c> and <c>samples_per_second</c>. At the end of an epoch, if samples are validated: <c>loss/validation</c> and
    /// <c>accuracy/validation</c> (0 to 1).
    /// </summary>
    /// <remarks>The step is <see cref="FitProgress.Updates"/>. A second <c>Fit</c> of the same trainer goes on counting.</remarks>
    /// <param name="value">The report.</param>
    /// <exception cref="IOException">The file cannot be written. What was added is kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void Report(FitProgress value)
    {
        long step = value.Updates;
        if (value.EpochCompleted != (step % EverySteps == 0))
        {
            AddScalar("loss/training", value.Loss, step);
            AddScalar("learning_rate", value.LearningRate, step);
            AddScalar("samples_per_second", value.SamplesPerSecond, step);
        }

        if (!value.EpochCompleted)
        {
            return;
        }

        if (value.ValidationLoss is { } loss)
        {
            AddScalar("loss/validation", loss, step);
        }

        if (value.ValidationAccuracy is { } accuracy)
        {
            AddScalar("accuracy/validation", accuracy, step);
        }

        Flush();
    }

    /// <summary>Writes all records to the file, so that its readers see them.</summary>
    /// <exception cref="IOException">The file cannot be written. The records are kept, and the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FlushFile();
        }
    }

    /// <summary>Writes all records, and closes the file. May be called more than once.</summary>
    /// <exception cref="IOException">The file cannot be written. It is closed.</exception>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _file.Dispose();
            }
        }
    }

    private void Add<TContent>(string tag, long step, TContent content, Action<ProtobufWriter, TContent> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            BeginEvent();
            _event.Integer(Step, step);
            using (_event.Message(Summary))
            using (_event.Message(Value))
            {
                _event.Text(Tag, tag);
                write(_event, content);
            }

            _file.Append(_event.Written);
            if (_file.Pending >= MostPending || _time.GetElapsedTime(_flushed) >= FlushInterval)
            {
                FlushFile();
            }
        }
    }

    private void BeginEvent()
    {
        _event.Clear();
        _event.Double(WallTime, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    private void FlushFile()
    {
        _file.Flush();
        _flushed = _time.GetTimestamp();
    }
}
