// A canvas to draw on, by pointer or by keyboard. It hands the ink over to .NET, one picture after the other.

const pen = 22, step = 10;

export function attach(canvas, section, side) {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const small = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    small.canvas.width = small.canvas.height = side;
    const ending = new AbortController();
    let place = null, cursor = { x: canvas.width / 2, y: canvas.height / 4 }, isDown = false;
    let busy = false, waiting = false;

    context.lineWidth = pen;
    context.lineCap = context.lineJoin = 'round';

    async function send() {
        if (busy) {
            waiting = true;
            return;
        }

        busy = true;
        do {
            waiting = false;
            // Let the browser paint first: the pen is never late.
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            if (ending.signal.aborted) {
                return;
            }

            small.clearRect(0, 0, side, side);
            small.drawImage(canvas, 0, 0, side, side);
            const rgba = small.getImageData(0, 0, side, side).data, ink = new Uint8Array(side * side);
            for (let i = 0; i < ink.length; i++) {
                ink[i] = rgba[4 * i + 3];
            }

            await section.invokeMethodAsync('DrawnAsync', ink);
        } while (waiting);
        busy = false;
    }

    function line(from, to) {
        context.beginPath();
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
        context.stroke();
        send();
    }

    function clear() {
        context.clearRect(0, 0, canvas.width, canvas.height);
    }

    function placeOf(event) {
        const box = canvas.getBoundingClientRect();
        return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
    }

    function showCursor() {
        canvas.style.setProperty('--x', `${100 * cursor.x / canvas.width}%`);
        canvas.style.setProperty('--y', `${100 * cursor.y / canvas.height}%`);
        canvas.dataset.pen = isDown ? 'down' : 'up';
    }

    const on = (type, listener) => canvas.addEventListener(type, listener, { signal: ending.signal });
    on('pointerdown', event => {
        canvas.setPointerCapture(event.pointerId);
        place = placeOf(event);
        line(place, place);
    });
    on('pointermove', event => {
        if (place !== null) {
            for (const one of event.getCoalescedEvents?.() ?? [event]) {
                const next = placeOf(one);
                line(place, next);
                place = next;
            }
        }
    });
    on('pointerup', () => place = null);
    on('pointercancel', () => place = null);
    on('focus', showCursor);
    on('keydown', event => {
        const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
        if (move) {
            const next = {
                x: Math.min(canvas.width, Math.max(0, cursor.x + move[0])),
                y: Math.min(canvas.height, Math.max(0, cursor.y + move[1])),
            };
            if (isDown) {
                line(cursor, next);
            }

            cursor = next;
        } else if (event.key === ' ') {
            isDown = !isDown;
            if (isDown) {
                line(cursor, cursor);
            }
        } else if (event.key === 'Delete' || event.key === 'Backspace') {
            clear();
            send();
        } else {
            return;
        }

        event.preventDefault();
        showCursor();
    });

    return {
        clear,

        // A picture of bytes: 0 is paper, 255 is ink.
        show(pixels, width) {
            const image = new ImageData(width, pixels.length / width);
            pixels.forEach((ink, i) => image.data[4 * i + 3] = ink);
            small.clearRect(0, 0, side, side);
            small.putImageData(image, 0, 0);
            clear();
            context.drawImage(small.canvas, 0, 0, width, image.height, 0, 0, canvas.width, canvas.height);
        },

        detach() {
            ending.abort();
        },
    };
}
