using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// One forward or backward pass of an operation that is written as loops: its operands, and the steps that it adds to a program.
/// </summary>
internal abstract class LoopPass
{
    private IReadOnlyList<LoopTensor> _inputs = [];
    private LoopTensor?[] _inputGradients = [];
    private LoopTensor? _output, _outputGradient;
    private Loops? _loops;

    /// <summary>Whether this is the forward pass of training, or the backward pass.</summary>
    public abstract bool IsTraining { get; }

    /// <summary>The number of floats in a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>The number of channels of the layer's first input.</summary>
    public abstract int Channels { get; }

    /// <summary>Whether the layer is frozen: its parameters keep their values.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>The layer's inputs. Backward gets the values of the forward pass.</summary>
    public IReadOnlyList<LoopTensor> Inputs
    {
        get => _inputs;
        init => _inputs = [.. value.Select(Owned)];
    }

    public LoopTensor Input => Inputs[0];

    /// <summary>The layer's output. Backward gets the values of the forward pass.</summary>
    public LoopTensor Output
    {
        get => _output!;
        init => _output = Owned(value);
    }

    /// <summary>The gradient of the output. Only backward has it.</summary>
    public LoopTensor OutputGradient
    {
        get => _outputGradient!;
        init => _outputGradient = Owned(value);
    }

    /// <summary>The gradients of the inputs, or null for those that need none. Backward must write all elements of the others.</summary>
    public IReadOnlyList<LoopTensor?> InputGradients
    {
        get => _inputGradients;
        init => _inputGradients = [.. value.Select(tensor => tensor is null ? null : Owned(tensor))];
    }

    public LoopTensor? InputGradient => _inputGradients[0];

    /// <summary>The step that is being recorded.</summary>
    public Loops? Loops => _loops;

    protected bool IsBackward => _outputGradient is not null;

    /// <summary>A parameter, by the suffix of its key.</summary>
    /// <param name="name">Its name in kernels, if that is not the suffix.</param>
    public abstract LoopParameter Parameter(string suffix, string? name = null);

    /// <summary>Values that were derived from the parameters.</summary>
    public abstract LoopParameter Derived(string name);

    /// <summary>Whether a parameter has a gradient. In a frozen layer, none has.</summary>
    public abstract bool HasGradient(string suffix);

    /// <summary>This block's part of a parameter's gradient. Operations add to it.</summary>
    /// <param name="name">The parameter's name in kernels, if that is not the suffix.</param>
    public abstract LoopParameter ParameterGradient(string suffix, string? name = null);

    /// <summary>A tensor for the steps of this pass. Its memory is free after them.</summary>
    public abstract LoopTensor Temporary(string name, Shape shape);

    /// <summary>A tensor that forward writes and, in training, backward reads.</summary>
    public abstract LoopTensor Saved(string name, Shape shape);

    /// <summary>Whether samples are apart: then each step runs once for each sample.</summary>
    public abstract bool SamplesAreApart { get; }

    /// <summary>With samples apart, memory of each sample for sums. <see cref="AddSamples"/> adds them up.</summary>
    public abstract LoopTensor OfSample(string name, int length);

    /// <summary>With samples apart, adds a step for the block: a function of the runtime that reads the sums of all samples.</summary>
    public abstract void AddSamples(string what, string name, Action<Loops> body);

    /// <summary>Memory in the slot of a block of samples. <see cref="Combine"/> reads that of all blocks.</summary>
    public abstract LoopTensor OfBlock(string name, int length);

    /// <summary>Memory of the whole batch. <see cref="Combine"/> writes it, and all blocks read it.</summary>
    public abstract LoopTensor Shared(string name, int length);

    /// <summary>Fills a tensor with zeros, so that something can be added to it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="most">The most numbers that are added to one element. If there are many, rounding errors are kept, too.</param>
    public void Clear(LoopTensor tensor, long most = 1)
    {
        AddZeros(tensor, isLost: false);
        if (most > SumCut.Terms)
        {
            tensor.Lost = Temporary(tensor.Name + "Lost", tensor.Shape);
            AddZeros(tensor, isLost: true);
        }
    }

    /// <summary>Adds a step: loops over the operands that <paramref name="body"/> uses.</summary>
    /// <param name="what">What the step does, for its comment; empty for the layer as a whole.</param>
    /// <param name="name">What follows the layer's name in the step's name; empty for the layer as a whole.</param>
    public void Step(string what, Action<Loops> body, string name = "") => AddStep(what, name, Recorded(body, combines: false));

    /// <summary>
    /// Ends the steps for blocks, and adds one step for the whole batch. It gets the memory (<see cref="OfBlock"/>) of the
    /// first block. That of the next block is <see cref="Loops.SlotStride"/> floats further. <see cref="Loops.Context"/> has the number of
    /// samples.
    /// </summary>
    public void Combine(string what, Action<Loops> body) => AddCombiningStep(what, Recorded(body, combines: true));

    protected abstract Loops NewLoops(bool combines);

    protected abstract void AddStep(string what, string name, Loops loops);

    protected abstract void AddCombiningStep(string what, Loops loops);

    protected abstract void AddZeros(LoopTensor tensor, bool isLost);

    protected T Owned<T>(T operand)
        where T : LoopOperand
    {
        operand.Pass = this;
        return operand;
    }

    protected Loops Recorded(Action<Loops> body, bool combines)
    {
        _loops = NewLoops(combines);
        body(_loops);
        (Loops loops, _loops) = (_loops, null);
        return loops;
    }
}
