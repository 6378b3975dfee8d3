using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

/// <summary>
/// One pass of an operation that writes its own loops: its operands, and the steps that it adds to a program.
/// </summary>
internal abstract class LoopPass
{
    private IReadOnlyList<LoopTensor> _inputs = [];
    private LoopTensor?[] _inputGradients = [];
    private LoopTensor? _output, _outputGradient;
    private Loops? _loops;

    /// <summary>Whether backward follows, or this is backward.</summary>
    public abstract bool IsTraining { get; }

    /// <summary>Floats in a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>Channels of the layer's first input.</summary>
    public abstract int Channels { get; }

    /// <summary>Whether the layer is frozen: its parameters keep their values.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>The layer's inputs; in backward those of the forward pass.</summary>
    public IReadOnlyList<LoopTensor> Inputs
    {
        get => _inputs;
        init => _inputs = [.. value.Select(Owned)];
    }

    public LoopTensor Input => Inputs[0];

    /// <summary>The layer's output; in backward that of the forward pass.</summary>
    public LoopTensor Output
    {
        get => _output!;
        init => _output = Owned(value);
    }

    /// <summary>Backward only.</summary>
    public LoopTensor OutputGradient
    {
        get => _outputGradient!;
        init => _outputGradient = Owned(value);
    }

    /// <summary>The gradient of an input, all of which backward has to write; null where it is not wanted.</summary>
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
    /// <param name="name">What kernels call it, where that is not the suffix.</param>
    public abstract LoopParameter Parameter(string suffix, string? name = null);

    /// <summary>Values that were derived from the parameters.</summary>
    public abstract LoopParameter Derived(string name);

    /// <summary>Whether a parameter has a gradient: not where the layer is frozen.</summary>
    public abstract bool HasGradient(string suffix);

    /// <summary>This block's part of a parameter's gradient, to be added to.</summary>
    /// <param name="name">What kernels call the parameter, where that is not the suffix.</param>
    public abstract LoopParameter ParameterGradient(string suffix, string? name = null);

    /// <summary>A tensor for the steps of this pass, after which its memory is free again.</summary>
    public abstract LoopTensor Temporary(string name, Shape shape);

    /// <summary>A tensor that forward writes and, in training, backward reads.</summary>
    public abstract LoopTensor Saved(string name, Shape shape);

    /// <summary>Whether samples lie apart, so that a step is done for each of them.</summary>
    public abstract bool SamplesAreApart { get; }

    /// <summary>Floats of each sample, where samples lie apart: <see cref="AddSamples"/> adds them up.</summary>
    public abstract LoopTensor SamplePart(string name, int length);

    /// <summary>Adds a step for a block whose samples lie apart: a function of the runtime that reads what all of them left.</summary>
    public abstract void AddSamples(string what, string name, Action<Loops> body);

    /// <summary>Floats of one block, which <see cref="Combine"/> finds again in the slots of all blocks.</summary>
    public abstract LoopTensor BlockPart(string name, int length);

    /// <summary>Floats of the whole batch, which <see cref="Combine"/> writes and all blocks read.</summary>
    public abstract LoopTensor Shared(string name, int length);

    /// <summary>Fills a tensor with zeros, before something is added to it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="most">The most numbers that are added to an element: a long sum keeps its rounding errors.</param>
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
    /// <param name="what">What it does, for the comment; empty for the layer as a whole.</param>
    /// <param name="name">The end of its name, behind the layer's; empty for the layer as a whole.</param>
    public void Step(string what, Action<Loops> body, string name = "") => AddStep(what, name, Recorded(body, combines: false));

    /// <summary>
    /// Ends the blocks' steps so far and adds one for the whole batch. Block parts are those of the first block; the others follow
    /// at <see cref="Loops.SlotStride"/> floats, and <see cref="Loops.Step"/> tells how many samples there are.
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
