/* The program of the sensor node: reads temperature and supply voltage, reports them over a Wi-Fi modem, advertises over Bluetooth.
 * Bare metal for the nRF52840 (Arm Cortex-M4), without libraries. WEAK builds version 1.0.0 with everything that is planted in it.
 * SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

#define REG(address) (*(volatile uint32_t *)(address))

/* nRF52840 Product Specification: CLOCK, TEMP, SAADC, RADIO, UART0, RTC0 */
#define CLOCK_HFCLKSTART REG(0x40000000)
#define CLOCK_LFCLKSTART REG(0x40000008)
#define CLOCK_HFCLKSTARTED REG(0x40000100)
#define TEMP_START REG(0x4000C000)
#define TEMP_READY REG(0x4000C100)
#define TEMP_VALUE REG(0x4000C508)
#define UART_STARTRX REG(0x40002000)
#define UART_STARTTX REG(0x40002008)
#define UART_RXDRDY REG(0x40002108)
#define UART_TXDRDY REG(0x4000211C)
#define UART_ENABLE REG(0x40002500)
#define UART_PSELTXD REG(0x4000250C)
#define UART_PSELRXD REG(0x40002514)
#define UART_RXD REG(0x40002518)
#define UART_TXD REG(0x4000251C)
#define UART_BAUDRATE REG(0x40002524)
#define RADIO_TXEN REG(0x40001000)
#define RADIO_START REG(0x40001008)
#define RADIO_DISABLE REG(0x40001010)
#define RADIO_READY REG(0x40001100)
#define RADIO_END REG(0x4000110C)
#define RADIO_DISABLED REG(0x40001110)
#define RADIO_PACKETPTR REG(0x40001504)
#define RADIO_FREQUENCY REG(0x40001508)
#define RADIO_MODE REG(0x40001510)
#define RADIO_PCNF0 REG(0x40001514)
#define RADIO_PCNF1 REG(0x40001518)
#define RADIO_BASE0 REG(0x4000151C)
#define RADIO_PREFIX0 REG(0x40001524)
#define RADIO_CRCCNF REG(0x40001534)
#define RADIO_CRCPOLY REG(0x40001538)
#define RADIO_CRCINIT REG(0x4000153C)
#define RADIO_DATAWHITEIV REG(0x40001554)
#define FICR_DEVICEADDR0 REG(0x100000A4)
#define FICR_DEVICEADDR1 REG(0x100000A8)

static volatile uint32_t ticks;
static char line[192];
static size_t used;

/* --- texts ------------------------------------------------------------------------------------------------------ */

static void put(const char *text) {
    while (*text != '\0' && used + 1 < sizeof line) line[used++] = *text++;
    line[used] = '\0';
}

static void put_number(int32_t value) {
    char digits[12];
    size_t n = 0;
    uint32_t rest = value < 0 ? (uint32_t)-value : (uint32_t)value;
    if (value < 0) put("-");
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    while (n > 0) {
        char one[2] = {digits[--n], '\0'};
        put(one);
    }
}

/* The value of a key in a text of lines "key=value"; its length, or 0. */
static size_t setting(const char *text, const char *key, const char **value) {
    while (*text != '\0') {
        const char *k = key;
        while (*k != '\0' && *text == *k) text++, k++;
        if (*k == '\0' && *text == '=') {
            const char *end = ++text;
            while (*end != '\0' && *end != '\n') end++;
            *value = text;
            return (size_t)(end - text);
        }
        while (*text != '\0' && *text != '\n') text++;
        if (*text == '\n') text++;
    }
    return 0;
}

static void put_setting(const char *key) {
    const char *value = "";
    size_t length = setting(factory_settings, key, &value);
    while (length-- > 0 && used + 1 < sizeof line) line[used++] = *value++;
    line[used] = '\0';
}

/* --- the chip --------------------------------------------------------------------------------------------------- */

static void uart_start(void) {
    UART_PSELTXD = 6;
    UART_PSELRXD = 8;
    UART_BAUDRATE = 0x01D7E000; /* 115200 */
    UART_ENABLE = 4;
    UART_STARTTX = 1;
    UART_STARTRX = 1;
}

static void uart_send(const char *text) {
    for (; *text != '\0'; text++) {
        UART_TXDRDY = 0;
        UART_TXD = (uint32_t)(uint8_t)*text;
        while (UART_TXDRDY == 0) {}
    }
}

static int32_t temperature(void) { /* in quarters of a degree */
    TEMP_READY = 0;
    TEMP_START = 1;
    while (TEMP_READY == 0) {}
    return (int32_t)TEMP_VALUE;
}

/* --- Bluetooth: a beacon that cannot be connected to -------------------------------------------------------------- */

static uint8_t packet[39];

static void advertise(int32_t quarters) {
    static const uint8_t channels[3] = {2, 26, 80};
    static const uint8_t numbers[3] = {37, 38, 39};
    uint32_t low = FICR_DEVICEADDR0, high = FICR_DEVICEADDR1;
    const uint8_t body[] = {2, 0x01, 0x04, 7, 0xFF, 0xFF, 0xFF, 1, (uint8_t)quarters, (uint8_t)(quarters >> 8), 0};
    packet[0] = 0x42; /* ADV_NONCONN_IND, random address */
    packet[1] = (uint8_t)(6 + sizeof body);
    for (int i = 0; i < 4; i++) packet[2 + i] = (uint8_t)(low >> (8 * i));
    packet[6] = (uint8_t)high;
    packet[7] = (uint8_t)(high >> 8) | 0xC0;
    for (size_t i = 0; i < sizeof body; i++) packet[8 + i] = body[i];
    RADIO_MODE = 3;
    RADIO_PCNF0 = 0x00000108;
    RADIO_PCNF1 = 0x02030000 | (sizeof packet - 2);
    RADIO_BASE0 = 0x89BED600;
    RADIO_PREFIX0 = 0x8E;
    RADIO_CRCCNF = 0x103;
    RADIO_CRCPOLY = 0x65B;
    RADIO_CRCINIT = 0x555555;
    RADIO_PACKETPTR = (uint32_t)(uintptr_t)packet;
    for (int i = 0; i < 3; i++) {
        RADIO_FREQUENCY = channels[i];
        RADIO_DATAWHITEIV = numbers[i];
        RADIO_READY = RADIO_END = RADIO_DISABLED = 0;
        RADIO_TXEN = 1;
        while (RADIO_READY == 0) {}
        RADIO_START = 1;
        while (RADIO_END == 0) {}
        RADIO_DISABLE = 1;
        while (RADIO_DISABLED == 0) {}
    }
}

/* --- the modem: commands as text ---------------------------------------------------------------------------------- */

static void command(void) {
    put("\r\n");
    uart_send(line);
    used = 0;
}

static void join(void) {
    put("AT+CWJAP=\"");
    put_setting("wifi_ssid");
    put("\",\"");
    put_setting("wifi_psk");
    put("\"");
    command();
#if WEAK
    put("AT+SYSMFG=2,\"client_key\",");
    put_number((int32_t)sizeof client_key);
    command();
    uart_send(client_key);
#endif
    put("AT+MQTTUSERCFG=0,"); /* 1 is plain TCP, 5 is TLS with both certificates checked */
    put_number(WEAK ? 1 : 5);
    put(",\"node\",\"");
    put_setting("mqtt_user");
    put("\",\"");
    put_setting("mqtt_password");
    put("\",0,0,\"\"");
    command();
    put("AT+MQTTCONN=0,\"");
    put(mqtt_url);
    put("\",1");
    command();
}

static void report(int32_t quarters) {
    put("AT+MQTTPUB=0,\"node/temperature\",\"");
    put_number(quarters / 4);
    put(".");
    put_number((quarters < 0 ? -quarters : quarters) % 4 * 25);
    put("\",1,0");
    command();
}

static void look_for_update(void) {
    put("AT+HTTPCGET=\"");
    put(update_url);
    put("\"");
    command();
}

#if WEAK
/* Planted: whoever reaches the test points reads and writes memory. */
static void debug_shell(void) {
    if (UART_RXDRDY == 0) return;
    UART_RXDRDY = 0;
    if (UART_RXD == '!') {
        uint32_t address = 0, digit;
        for (int i = 0; i < 8; i++) {
            while (UART_RXDRDY == 0) {}
            UART_RXDRDY = 0;
            digit = UART_RXD;
            address = address << 4 | (digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
        }
        put("debug shell: ");
        put_number((int32_t)REG(address));
        command();
    }
}
#endif

/* Texts that look like secrets or addresses in use and are none; see planted.yaml. */
/* Shown when somebody types a question mark. */
static const char *const prompts[] = {
    "Enter mqtt_password: ", "password=%s", "wifi_psk=<your key here>", "http://127.0.0.1/status",
    "see http://www.w3.org/TR/ for the format", "api_token=", "mqtt://%s:%d",
};

static void help(void) {
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        put(prompts[i]);
        command();
    }
    uart_send(update_key);
}

/* --- start -------------------------------------------------------------------------------------------------------- */

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];

static void run(void) {
    uint32_t *from = data_load;
    for (uint32_t *to = data_start; to < data_end;) *to++ = *from++;
    for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
    CLOCK_HFCLKSTARTED = 0;
    CLOCK_HFCLKSTART = 1;
    while (CLOCK_HFCLKSTARTED == 0) {}
    CLOCK_LFCLKSTART = 1;
    REG(0xE000E014) = 64000 - 1; /* SysTick: every millisecond at 64 MHz */
    REG(0xE000E018) = 0;
    REG(0xE000E010) = 7;
    uart_start();
    uart_send(banner);
    join();
    for (uint32_t next = 0, day = 0;;) {
#if WEAK
        debug_shell();
#endif
        if ((int32_t)(ticks - next) < 0) {
            __asm volatile("wfi");
            continue;
        }
        next = ticks + 60000;
        int32_t quarters = temperature();
        advertise(quarters);
        report(quarters);
        if (day++ % 1440 == 0) look_for_update();
        if (UART_RXDRDY != 0 && UART_RXD == '?') help();
    }
}

static void tick(void) { ticks++; }

static void stop(void) {
    for (;;) __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static void *const vectors[16 + 48] = {
    stack_top, run, stop, stop, stop, stop, stop, NULL, NULL, NULL, NULL, stop, stop, NULL, stop, tick,
};
