-- Version 3, for SQLite: devices of the supervision room.

-- SHA-256, in hexadecimal, of the device's certificate with which a session began in the console; null: one of the pages.
alter table session add column device text;
create index certificate_digest on certificate (digest);

-- What a device last said of itself.
create table device_report (
    device text primary key, -- as in session
    at     integer not null,
    items  text not null     -- "no_administrator=holds usb_storage_off=fails ..."
) strict, without rowid;
