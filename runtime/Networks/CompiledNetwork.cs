using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata;

/// <summary>The base of every <c>[Network]</c> class: parameters, inference and weights files. Generated code derives from it.</summary>
/// <remarks>
/// <para>
/// Any number of threads may call <see cref="Forward"/> of one instance at once. A call that changes the parameters must be alone:
/// <list type="bullet">
/// <item><description><see cref="Load(string)"/>, <see cref="Initialize"/> and <see cref="CopyParametersFrom"/></description></item>
/// <item><description><see cref="Strata.Parameter.CopyFrom"/></description></item>
/// <item><description>a trainer's step</description></item>
/// </list>
/// If such a call overlaps with any other call on another thread, the later one throws <see cref="InvalidOperationException"/>. Otherwise
/// <see cref="Forward"/> would see old and new values mixed.
/// </para>
/// <para>To exchange the weights while other threads call <see cref="Forward"/>, exchange the instance:</para>
/// <code>
/// private LeNet5 _network = new(new NetworkOptions { Weights = "first.safetensors" });
///
/// public void Answer(ReadOnlySpan&lt;float&gt; image, Span&lt;float&gt; scores) =&gt; Volatile.Read(ref _network).Forward(image, scores);
///
/// public void Exchange(string path)
/// {
///     var next = new LeNet5(new NetworkOptions { Weights = path });
///     next.Forward(new float[LeNet5.InputLength], new float[LeNet5.OutputLength]);   // prepares the kernels before others need them
///     Volatile.Write(ref _network, next);                                            // calls in flight keep the old instance
/// }
/// </code>
/// <para>Don't dispose of the old instance: calls may still use it. The garbage collector frees its memory after the last one.</para>
/// </remarks>
public abstract partial class CompiledNetwork : IDisposable
{
    private readonly NetworkProgram _program;
    private readonly AlignedMemory _memory;

    /// <summary>The values that are derived from the parameters, if the program keeps them apart.</summary>
    private readonly AlignedMemory? _derivedValues;
    private readonly ParameterSet _parameters;
    private readonly DerivedParameters _derived;
    private readonly InferencePool _pool;
    private readonly Observer? _observer;
    private readonly Lifetime _lifetime;
    private bool _mayCompile;
    private ulong _seed;

    /// <summary>Creates an instance. Generated code calls it.</summary>
    /// <param name="info">The network.</param>
    /// <param name="program">Creates the kernels of a tier.</param>
    /// <param name="options">Tier, threads and seed.</param>
    /// <exception cref="ArgumentException">
    /// The options ask for what the network cannot do: to observe a layer that cannot be observed, or to keep weights in bfloat16 without
    /// <c>[Network(WeightStorage = WeightStorage.BFloat16)]</c>. Or they name both a file and a stream of weights.
    /// </exception>
    /// <exception cref="ArgumentNullException">The list of layers to observe is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number of threads is negative, or more than <see cref="NetworkOptions.MaxThreads"/>. Or
    /// <see cref="NetworkOptions.WeightStorage"/> is not a value of its enum.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">The tier does not run here, or the network was compiled without it.</exception>
    /// <exception cref="InvalidOperationException">The environment variable <c>STRATA_ISA</c> names no tier, or one that does not run
    /// here.</exception>
    /// <exception cref="WeightsFormatException">The file of weights is damaged or does not fit the network.</exception>
    /// <exception cref="IOException">The file of weights cannot be read.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected CompiledNetwork(NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options)
        : this(info, program, options, initialize: null)
    {
    }

    /// <summary>Creates an instance whose parameters may come from elsewhere than a safetensors file.</summary>
    /// <param name="info">The network.</param>
    /// <param name="program">Creates the kernels of a tier.</param>
    /// <param name="options">Tier, threads and seed.</param>
    /// <param name="initialize">
    /// Gives the parameters their values where the options name no weights; null draws initial ones.
    /// </param>
    /// <param name="sizes">If this is a network at another size: the network at all sizes. Its parameters are those of this one.</param>
    internal CompiledNetwork(
        NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options, Action<CompiledNetwork>? initialize,
        NetworkSizes? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(program);
        Check(options);
        Info = info;
        Isa = IsaSelection.For(info.Name, info.Tiers, options.Isa, info.Int8);
        Threads = options.Threads == 0 ? int.Min(Environment.ProcessorCount, NetworkOptions.MaxThreads) : options.Threads;
        WeightStorage = options.WeightStorage;
        NetworkProgram shared = ProgramOf(info.Name, program(Isa), options);
        _derivedValues = shared.DerivedLength == 0 ? null : new AlignedMemory(shared.DerivedLength);
        _program = shared.OfNetwork(_derivedValues);

        // With `Threads = 1`, do not prepare kernels on another thread. Instances that observe layers use other kernels.
        _mayCompile = RuntimeFeature.IsDynamicCodeCompiled && Threads > 1 && options.Observe.Count == 0;
        if (options is { Weights: not null } or { WeightsStream: not null })
        {
            CompileKernels();
        }

        InputLength = Product(info.InputShape);
        OutputLength = Product(info.OutputShape);
        AllSizes = sizes;
        _lifetime = new Lifetime(this, Free, sizes?.Lifetime);
        _memory = sizes?.First.MemoryFor(_program) ?? new AlignedMemory(_program.ParametersLength);
        try
        {
            _parameters = new ParameterSet(this, _memory);
            _derived = new DerivedParameters(_program, _memory, Threads);
            _pool = new InferencePool(_program, _memory, InputLength, OutputLength, Threads, info.SampleCost);
            _observer = options.Observe.Count > 0 ? new Observer(this, options.Observe) : null;
            _seed = options.Seed;

            // The first call of another size takes over what the network has.
            _seen = sizes is null ? 0 : -1;
            if (sizes is null)
            {
                GiveValues(options, initialize);
            }
        }
        catch when (sizes is not null)
        {
            Free();
            throw;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives the parameters their values: those of the options' weights; else initial ones, or what the caller has.</summary>
    private void GiveValues(NetworkOptions options, Action<CompiledNetwork>? initialize)
    {
        if (options.WeightsStream is { } stream)
        {
            Load(stream, new WeightsLoadOptions(), inPlace: true);
        }
        else if (options.Weights is { } path)
        {
            Load(path, new WeightsLoadOptions(), inPlace: true);
        }
        else if (initialize is not null)
        {
            initialize(this);
        }
        else
        {
            Initialize(options.Seed);
        }
    }

    private static void Check(NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Observe, "options.Observe");
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, "options.Threads");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, NetworkOptions.MaxThreads, "options.Threads");
        if (options is { Weights: not null, WeightsStream: not null })
        {
            throw new ArgumentException("Weights come from a file or from a stream, not from both.", nameof(options));
        }
    }

    /// <summary>The kernels of a network for the storage of weights that the options ask for, from those for floats.</summary>
    private static NetworkProgram ProgramOf(string network, NetworkProgram program, NetworkOptions options)
    {
        WeightStorage weights = options.WeightStorage;
        return !Enum.IsDefined(weights)
            ? throw new ArgumentOutOfRangeException("options.WeightStorage", weights, "Unknown storage of weights.")
            : program.With(weights) ?? throw new ArgumentException(
                $"{network} has no kernels for weights in {weights.ToString().ToLowerInvariant()}; declare it with "
                + $"[Network(WeightStorage = WeightStorage.{weights})], or at run time with CompileOptions.WeightStorage.",
                nameof(options));
    }

    /// <summary>What was compiled: layers, shapes, parameters.</summary>
    public NetworkInfo Info { get; }

    /// <summary>Floats of one sample's inputs, for code that takes any network. The class has a constant of the same name.</summary>
    public int InputLength { get; }

    /// <summary>Floats of one sample's outputs, for code that takes any network. The class has a constant of the same name.</summary>
    public int OutputLength { get; }

    /// <summary>The instruction-set tier of this instance.</summary>
    public Isa Isa { get; }

    /// <summary>How this instance keeps the weights of dense layers.</summary>
    public WeightStorage WeightStorage { get; }

    /// <summary>The most threads that one call uses, including the caller's.</summary>
    public int Threads { get; }

    /// <summary>The seed from which the parameters were last drawn; dropout uses it too.</summary>
    public ulong Seed
    {
        get => AllSizes?.Parameters.Newest._seed ?? _seed;
        internal set => _seed = value;
    }

    /// <summary>All parameters, in the order of the layers.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters.All;

    internal NetworkProgram Program => _program;

    /// <summary>Which outputs tell a sample's class.</summary>
    /// <exception cref="InvalidOperationException">The network does not classify samples.</exception>
    internal ClassOutput ClassOutput => field ??= ClassOutput.Find(Info);

    internal AlignedMemory Memory => _memory;

    /// <summary>Multiply-adds of one sample's forward pass. Layers that only move data count a little, too.</summary>
    internal long CostOfSample => _pool.CostOfSample;

    /// <summary>Finds a parameter by its key.</summary>
    /// <param name="key">The name in PyTorch's state_dict: <c>conv1.weight</c>.</param>
    /// <returns>The parameter, or null where there is none of this name.</returns>
    public Parameter? FindParameter(string key) => _parameters.Find(key);

    /// <summary>
    /// Computes the outputs of any number of samples. Once it has been called with a number of samples, further such calls allocate
    /// nothing.
    /// </summary>
    /// <remarks>
    /// Threads share a batch by samples, and its large layers by parts. A single sample is shared by parts of its layers. Work of less than
    /// about 20 µs stays on the calling thread.
    /// A sample's result is the same to the bit: alone or in any batch, at any place in it, with any number of threads. Tiers differ in the
    /// last digits. An instance that observes layers differs in the last digits, too, since it computes each layer separately.
    /// </remarks>
    /// <param name="inputs">The samples one after the other (N, C, H, W): a multiple of the network's input length.</param>
    /// <param name="outputs">Receives each sample's outputs, one sample after the other. Must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit, the spans overlap, or what is kept of an observed layer would be more than an array holds.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread changes the parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        using Lifetime.Hold hold = Enter();
        int samples = inputs.Length == InputLength ? 1 : CountSamples(inputs.Length, nameof(inputs));
        CheckOutputs(samples, inputs, outputs);
        if (samples == 0)
        {
            return;
        }

        _derived.PrepareInference();
        if (_observer is not null)
        {
            _observer.Infer(inputs, outputs, samples);
            return;
        }

        InferenceLease lease = _pool.Rent();
        try
        {
            if (samples == 1)
            {
                lease.InferOne(
                    in MemoryMarshal.GetReference(inputs), ref MemoryMarshal.GetReference(outputs));
            }
            else
            {
                lease.InferMany(inputs, outputs, samples);
            }
        }
        finally
        {
            _pool.Return(lease);
        }
    }

    /// <summary>
    /// Runs a sample through an observer that is not the instance's own. The caller holds a <see cref="Lifetime.Hold"/>.
    /// </summary>
    internal void Observe(Observer observer, ReadOnlySpan<float> input)
    {
        _derived.PrepareInference();
        observer.Infer(input, new float[OutputLength], samples: 1);
    }

    /// <summary>
    /// What a layer computed in the last <see cref="Forward"/>. This is the layer's own output, even if inference otherwise fuses the layer
    /// with those after it.
    /// </summary>
    /// <param name="layer">The layer's key, one of <see cref="NetworkOptions.Observe"/>.</param>
    /// <returns>The samples' activations one after the other (N, C, H, W), valid until the next call; empty before the first.</returns>
    /// <exception cref="ArgumentException">The layer is not observed.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public ReadOnlySpan<float> Activation(string layer)
    {
        using Lifetime.Hold hold = Enter();
        return _observer is { } observer
            ? observer.Activation(layer)
            : throw new ArgumentException($"Layer '{layer}' is not observed; name it in NetworkOptions.Observe.", nameof(layer));
    }

    /// <summary>Draws new initial values for all parameters. The same seed gives the same floats on every machine and tier.</summary>
    /// <param name="seed">The seed, which becomes <see cref="Seed"/>.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Initialize(ulong seed)
    {
        using Lifetime.Hold hold = EnterAlone();
        Seed = seed;
        _parameters.Draw(seed);
        TakeOver();
    }

    /// <summary>
    /// Copies the parameters of another instance of the same network, of any tier. The other instance may also belong to another network,
    /// if its parameters have the same keys and shapes, in any order.
    /// </summary>
    /// <param name="source">Where the parameters come from.</param>
    /// <exception cref="ArgumentException">The other network has other parameters. Nothing was copied.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this network, or changes the other one. Nothing was
    /// copied.</exception>
    /// <exception cref="ObjectDisposedException">One of the networks was disposed of.</exception>
    public void CopyParametersFrom(CompiledNetwork source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using Lifetime.Hold hold = EnterAlone();
        if (source == this || (AllSizes is not null && source.AllSizes == AllSizes))
        {
            return;
        }

        using Lifetime.Hold sourceHold = source.Enter();
        _parameters.CopyFrom(source._parameters, source.Info.Name);
        TakeOver();
    }

    /// <summary>Writes the parameters as a safetensors file with PyTorch's names, shapes and order.</summary>
    /// <remarks>
    /// The file appears complete or not at all: it is written beside its place, flushed to the disk, and renamed. Links are followed, and
    /// permissions are kept.
    /// </remarks>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <exception cref="IOException">
    /// The file cannot be written, for example without permission or on a full disk. An existing file is unchanged.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Save(string path)
    {
        using Lifetime.Hold hold = Enter();
        SafetensorsWriter.Write(path, NetworkWeights.Tensors(this));
    }

    /// <summary>Writes the parameters in the safetensors format at the stream's position. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Save(Stream stream)
    {
        using Lifetime.Hold hold = Enter();
        SafetensorsWriter.Write(stream, NetworkWeights.Tensors(this));
    }

    /// <summary>
    /// Reads all parameters from a safetensors file. It must hold every parameter with its shape, and nothing else but PyTorch's
    /// <c>num_batches_tracked</c> and <c>relative_position_index</c>. F64 is rounded to floats; F16 and BF16 are converted; I8 is
    /// multiplied by the tensor of the same name with <c>_scale</c> behind it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The file is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Load(string path) => Load(path, new WeightsLoadOptions());

    /// <summary>Reads a part of a safetensors file, or tensors under other names: for transfer from another network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How much must fit, and under which names.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The file is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="IOException">The file cannot be read. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public WeightsLoadReport Load(string path, WeightsLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Load(path, options, inPlace: false);
    }

    /// <summary>As <see cref="Load(string)"/>, from a stream, which is read to its end.</summary>
    /// <param name="stream">The stream, at the first byte of the weights.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The data is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Load(Stream stream) => Load(stream, new WeightsLoadOptions());

    /// <summary>As <see cref="Load(string, WeightsLoadOptions)"/>, from a stream, which is read to its end.</summary>
    /// <param name="stream">The stream, at the first byte of the weights.</param>
    /// <param name="options">How much must fit, and under which names.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The data is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public WeightsLoadReport Load(Stream stream, WeightsLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        return Load(stream, options, inPlace: false);
    }

    /// <summary>As <see cref="Load(string)"/>, from memory.</summary>
    /// <param name="data">The whole content of a safetensors file.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The data is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public void Load(ReadOnlyMemory<byte> data) => Load(data, new WeightsLoadOptions());

    /// <summary>As <see cref="Load(string, WeightsLoadOptions)"/>, from memory.</summary>
    /// <param name="data">The whole content of a safetensors file.</param>
    /// <param name="options">How much must fit, and under which names.</param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network. The parameters are unchanged.</exception>
    /// <exception cref="WeightsFormatException">The data is damaged or does not fit the network. The parameters are unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public unsafe WeightsLoadReport Load(ReadOnlyMemory<byte> data, WeightsLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using System.Buffers.MemoryHandle pin = data.Pin();

        // Empty memory has no address.
        using Stream stream = data.IsEmpty ? Stream.Null : new UnmanagedMemoryStream((byte*)pin.Pointer, data.Length);
        return NetworkWeights.Load(this, stream, options.SourceName ?? "memory", options, inPlace: true);
    }

    /// <summary>The table of layers as text: shapes, their formulas, parameters, multiply-adds and bytes.</summary>
    /// <remarks>
    /// It describes the network, not the parameters' values. Like <see cref="Info"/>, it can be read after <see cref="Dispose"/>.
    /// </remarks>
    public string Summary() => NetworkSummary.Format(this);

    /// <summary>
    /// Frees the memory as soon as the calls in flight have ended, also that of the network's other sizes. May be called more than once.
    /// Nothing happens to a network that came from <see cref="At"/>: it belongs to the network that was asked.
    /// </summary>
    public void Dispose()
    {
        _lifetime.End();
        GC.SuppressFinalize(this);
    }

    internal static int Product(IReadOnlyList<int> shape)
    {
        int product = 1;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            product = checked(product * shape[axis]);
        }

        return product;
    }

    /// <summary>
    /// Lets the JIT compile the inference kernels on another thread while the caller reads weights. Only the first call does so.
    /// </summary>
    internal void CompileKernels()
    {
        if (_mayCompile)
        {
            _mayCompile = false;
            KernelCompilation.Begin(_program);
        }
    }

    /// <summary>Number of samples in some floats. Throws if these are not whole samples.</summary>
    internal int CountSamples(int floats, string name)
    {
        (int samples, int rest) = Math.DivRem(floats, InputLength);
        return rest == 0 ? samples : throw new ArgumentException(
            $"{Info.Name} takes {MessageText.Count(InputLength, "float")} per sample, which does not divide {floats}.", name);
    }

    internal void CheckOutputs(int samples, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        if (outputs.Length != (long)samples * OutputLength)
        {
            throw new ArgumentException(
                $"{Info.Name} gives {MessageText.Count(OutputLength, "float")} per sample: {MessageText.Count(samples, "sample")} "
                + $"need{(samples == 1 ? "s" : "")} {(long)samples * OutputLength}, "
                + $"but there is room for {outputs.Length}.",
                nameof(outputs));
        }

        if (inputs.Overlaps(outputs))
        {
            throw new ArgumentException("The outputs overlap the inputs.", nameof(outputs));
        }
    }

    private WeightsLoadReport Load(string path, WeightsLoadOptions options, bool inPlace)
    {
        using FileStream stream = InputFile.Open(path, bufferSize: 0);
        return NetworkWeights.Load(this, stream, options.SourceName ?? path, options, inPlace);
    }

    private WeightsLoadReport Load(Stream stream, WeightsLoadOptions options, bool inPlace) =>
        NetworkWeights.Load(this, stream, options.SourceName ?? (stream as FileStream)?.Name ?? "stream", options, inPlace);
}
